import os
import signal
import subprocess
import threading
import time

import pytest

from crm.embedded import leftovers, stamps
from crm.embedded.memory import Memory
from crm.embedded.process import dies_with_parent, stop
from crm.embedded.supervisor import Program, Stop, Supervisor

LONG = ["sleep", "600"]


def sleeper(name, ended, command=None):
    def start():
        return subprocess.Popen(command or LONG, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL))

    def end(process):
        ended.append(name)
        stop(process)

    return Program(name, start, end)


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    supervisor = Supervisor(say=said.append, remember=lambda pids: None)
    yield supervisor
    supervisor.stop_all()


def watch_until(supervisor, condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        for program in supervisor._programs:
            supervisor._look_after(program)
        time.sleep(0.02)


def test_a_dead_program_is_started_again_and_it_is_said(supervisor, said):
    program = sleeper("worker", [])
    supervisor.add(program)
    first = program.process.pid
    os.kill(first, signal.SIGKILL)
    watch_until(supervisor, lambda: program.process and program.process.pid != first)
    assert said == ["worker ended by signal 9: it is started again"]


def test_a_program_that_dies_again_and_again_is_given_longer_pauses(supervisor):
    program = sleeper("web", [], command=["false"])
    supervisor.add(program)
    pauses = []
    for _ in range(8):
        watch_until(supervisor, lambda: program.again_at is not None)
        pauses.append(round(program.again_at - time.monotonic()))
        program.again_at = time.monotonic()  # nobody waits here
        watch_until(supervisor, lambda: program.again_at is None)
    assert pauses[0] <= 1 and pauses[-1] == 30 and pauses == sorted(pauses)


def test_a_program_that_does_not_start_is_tried_again(supervisor, said):
    program = sleeper("postgres", [])
    supervisor.add(program)
    working, program.start = program.start, lambda: (_ for _ in ()).throw(RuntimeError("no space left"))
    program.process.kill()
    watch_until(supervisor, lambda: any("does not start" in line for line in said))
    program.start, program.again_at = working, time.monotonic()
    watch_until(supervisor, lambda: program.process is not None)


def test_what_was_started_last_is_stopped_first(supervisor):
    ended = []
    for name in ("postgres", "valkey", "web"):
        supervisor.add(sleeper(name, ended))
    supervisor.stop_all()
    assert ended == ["web", "valkey", "postgres"]


def test_children_of_a_killed_program_go_with_it(supervisor):
    program = sleeper("worker", [], command=["sh", "-c", "sleep 600 & echo $! >&2; wait"])
    program.start = lambda: subprocess.Popen(
        ["sh", "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    supervisor.add(program)
    with program.process.stdout as out:
        child = int(out.readline())
    program.process.kill()
    watch_until(supervisor, lambda: leftovers.fingerprint(child) is None)


def test_watching_ends_with_stop(supervisor):
    supervisor.add(sleeper("web", []))
    supervisor._look_after = lambda program: (_ for _ in ()).throw(Stop)
    with pytest.raises(Stop):
        supervisor.watch()


def test_a_number_that_was_given_to_another_process_is_left_alone():
    process = subprocess.Popen(LONG)
    leftovers.end({"web": [process.pid, "another start time"]})
    assert process.poll() is None
    # Nobody but a parent can collect the dead: here that is this very test.
    threading.Thread(target=process.wait, daemon=True).start()
    leftovers.end({"web": [process.pid, leftovers.fingerprint(process.pid)]})
    assert leftovers.fingerprint(process.pid) is None


def test_the_lock_of_a_dead_postgres_is_removed_and_of_a_living_one_kept(tmp_path):
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n")  # alive, but no PostgreSQL
    leftovers.remove_stale_lock(tmp_path)
    assert not lock.exists()
    living = subprocess.Popen(["sh", "-c", f"sleep 600; : postgres {tmp_path}"])
    try:
        lock.write_text(f"{living.pid}\n")
        leftovers.remove_stale_lock(tmp_path)
        assert lock.exists()
    finally:
        stop(living)


def test_memory_is_private_and_survives(tmp_path):
    memory = Memory(tmp_path / "data" / "memory.json")
    secret, port = memory.secret("password"), memory.port("web")
    again = Memory(tmp_path / "data" / "memory.json")
    assert (again.secret("password"), again.port("web")) == (secret, port)
    assert (tmp_path / "data" / "memory.json").stat().st_mode & 0o077 == 0


def test_a_step_is_done_again_when_its_inputs_changed(tmp_path):
    file, stamp = tmp_path / "lock", tmp_path / "stamps" / "pip"
    file.write_text("a==1")
    stamps.mark(stamp, stamps.of_contents([file]))
    assert stamps.is_current(stamp, stamps.of_contents([file]))
    file.write_text("a==2")
    assert not stamps.is_current(stamp, stamps.of_contents([file]))
