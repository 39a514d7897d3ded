"""`bin/run` for real: from nothing, by an ordinary user, killed in every way."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.launch.installation import Installation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("launch"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture(scope="module")
def installation():
    installation = Installation()
    yield installation
    installation.remove()


@pytest.fixture
def running(installation):
    run = installation.run("--port", "0")
    run.address()
    yield run
    if run.process.poll() is None:
        run.end()


def test_a_bare_clone_becomes_a_running_system_with_nothing_but_python(installation, running):
    assert "Tidewell" in running.fetch("/login/")
    assert running.fetch("/healthz") == "ok"
    assert '"beat": true' in running.fetch("/readyz"), "it says that it is ready before it is"
    assert set(installation.pids()) == {"postgres", "valkey", "worker", "beat", "web"}
    assert (installation.folder / ".local/data/run.env").stat().st_mode & 0o077 == 0


def test_without_demo_the_first_administrator_gets_a_link_that_works(installation):
    run = installation.run("--port", "0", "--demo", "none", "--reset")
    try:
        address = run.address()
        deadline = time.monotonic() + 60
        while "/setup/" not in run.output:
            assert time.monotonic() < deadline, run.output
            time.sleep(0.2)
        link = next(word for word in run.output.split() if "/setup/" in word)
        assert "The first administrator" in run.fetch(link.removeprefix(address))
    finally:
        code = run.end()
    assert code == 0


def test_the_page_brings_its_style_sheet(running):
    page = running.fetch("/login/")
    sheet = next(word for word in page.split('"') if word.endswith(".css"))
    assert "{" in running.fetch(sheet)


def test_the_next_start_is_quick_and_keeps_the_data(installation):
    first = installation.run("--port", "0")
    first.address()
    make_team(installation, "Kept")
    assert first.end() == 0
    began = time.monotonic()
    second = installation.run("--port", "0")
    second.address()
    assert time.monotonic() - began < 30  # about 5 s on an idle machine
    assert "Kept" in teams(installation)
    assert second.end() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_everything(installation, running, number):
    assert running.end(number) == 0
    assert running.output.rstrip().endswith("Stopped")
    installation.wait_until_empty(1)


@pytest.mark.parametrize("name", ["worker", "beat", "web", "valkey", "postgres"])
def test_a_killed_program_comes_back(installation, running, name):
    before = installation.pids()[name]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while installation.pids().get(name) in {None, before}:
        assert time.monotonic() < deadline, running.output
        time.sleep(0.2)
    assert "Tidewell" in running.fetch("/login/")
    assert teams(installation) is not None


def test_nothing_outlives_a_killed_supervisor_and_the_data_stays(installation, running):
    make_team(installation, "Survivors")
    running.kill()
    installation.wait_until_empty()
    again = installation.run("--port", "0")
    again.address()
    assert "Survivors" in teams(installation)
    assert again.end() == 0


def test_everything_killed_at_once_starts_again(installation, running):
    make_team(installation, "Phoenix")
    for pid in [running.process.pid, *installation.pids().values()]:
        os.kill(pid, signal.SIGKILL)
    again = installation.run("--port", "0")
    again.address()
    assert "Phoenix" in teams(installation)
    assert again.end() == 0
    installation.wait_until_empty(1)


def test_a_busy_port_is_said_before_anything_starts(installation):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = installation.run("--port", str(port))
        assert run.process.wait(30) == 1
    assert f"Port {port} is in use" in run.output
    installation.wait_until_empty(1)


def test_a_second_run_of_the_same_folder_is_refused(installation, running):
    second = subprocess.run(
        [installation.folder / "bin" / "run"], capture_output=True, text=True, **installation.circumstances()
    )
    assert second.returncode == 1
    assert "already running" in second.stderr


def test_reset_never_touches_a_database_of_somebody_else(installation):
    run = installation.run("--reset", DATABASE_URL="postgres://crm@127.0.0.1:9/x")
    assert run.process.wait(30) == 1
    assert "--reset empties the embedded database only" in run.output


def test_the_demo_is_refused_for_a_database_of_somebody_else(installation):
    run = installation.run("--demo", "small", DATABASE_URL="postgres://crm@127.0.0.1:9/x")
    assert run.process.wait(30) == 1
    assert "The demo is refused: DATABASE_URL" in run.output


def test_the_demo_is_refused_where_other_data_is(installation):
    first = installation.run("--port", "0", "--reset", "--demo", "none")
    first.address()
    make_team(installation, "Own")
    assert first.end() == 0
    second = installation.run("--port", "0")
    second.address()
    deadline = time.monotonic() + 60
    while "Ctrl-C stops everything" not in second.output:
        assert time.monotonic() < deadline, second.output
        time.sleep(0.2)
    assert second.end() == 0
    assert "The demo is refused: there is other data already." in second.output
    assert "password" not in second.output and "/setup/" in second.output
    assert 'DEMO="False"' in (installation.folder / ".local/data/run.env").read_text()


def test_reset_begins_anew(installation):
    first = installation.run("--port", "0")
    first.address()
    make_team(installation, "Forgotten")
    assert first.end() == 0
    second = installation.run("--port", "0", "--reset")
    second.address()
    assert "Forgotten" not in teams(installation)
    assert second.end() == 0


def test_given_servers_are_used_instead_of_the_embedded_ones(installation):
    with_name = os.environ["DATABASE_URL"].rpartition("/")[0] + "/launch"
    make_database("launch")
    run = installation.run("--port", "0", DATABASE_URL=with_name, REDIS_URL=os.environ["REDIS_URL"])
    assert "Tidewell" in run.fetch("/login/")
    assert set(installation.pids()) == {"worker", "beat", "web"}
    assert run.end() == 0


def make_team(installation, name):
    installation.python(
        "manage.py", "shell", "-v", "0", "-c", f"from accounts.models import Team; Team.objects.create(name={name!r})"
    )


def teams(installation):
    ask = "from accounts.models import Team; print(list(Team.objects.values_list('name', flat=True)))"
    return installation.python("manage.py", "shell", "-v", "0", "-c", ask)


def make_database(name):
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
