"""One parent for all programs: starts them again when they die, stops them in the right order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PAUSE = 30.0
LONG_ENOUGH = 60.0  # a program that ran so long is healthy: the next restart is quick again
GLANCE = 0.25


class Stop(BaseException):
    """Someone asked us to stop: Ctrl-C, or a signal."""


@dataclass
class Program:
    """`start` answers the running process, ready for use; `stop` waits until it has ended."""

    name: str
    start: Callable[[], subprocess.Popen]
    stop: Callable[[subprocess.Popen], None]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    again_at: float | None = None


class Supervisor:
    def __init__(self, *, say: Callable[[str], None], remember: Callable[[dict[str, int]], None]) -> None:
        self._programs: list[Program] = []
        self._say = say
        self._remember = remember

    def add(self, program: Program) -> None:
        """Start it, and keep it running from now on. Whatever is added later is stopped earlier."""
        self._programs.append(program)
        self._start(program)

    def watch(self) -> None:
        """Until `Stop`."""
        while True:
            for program in self._programs:
                self._look_after(program)
            time.sleep(GLANCE)

    def stop_all(self) -> None:
        for program in reversed(self._programs):
            if program.process is not None:
                program.stop(program.process)
                _clear_group(program.process.pid)
                program.process = None
        self._remember({})

    def _look_after(self, program: Program) -> None:
        if program.process is not None and program.process.poll() is not None:
            self._note_death(program)
        elif program.again_at is not None and time.monotonic() >= program.again_at:
            try:
                self._start(program)
            except (OSError, RuntimeError) as error:
                self._say(f"{program.name} does not start: {str(error).splitlines()[-1:]}")
                self._plan_restart(program)

    def _note_death(self, program: Program) -> None:
        assert program.process is not None
        if time.monotonic() - program.started_at > LONG_ENOUGH:
            program.failures = 0
        _clear_group(program.process.pid)
        code = program.process.returncode
        program.process = None
        self._plan_restart(program)
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        self._say(f"{program.name} ended {how}: it is started again")

    def _plan_restart(self, program: Program) -> None:
        pause = min(LONGEST_PAUSE, 0.5 * 2**program.failures)
        program.failures += 1
        program.again_at = time.monotonic() + pause

    def _start(self, program: Program) -> None:
        program.process = program.start()
        program.started_at = time.monotonic()
        program.again_at = None
        self._remember({each.name: each.process.pid for each in self._programs if each.process})


def stop_on_signals() -> None:
    """The first Ctrl-C or SIGTERM raises Stop wherever we are; further ones are ignored meanwhile."""

    def once(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, once)


def _clear_group(leader: int) -> None:
    """Its own children may have outlived it; each program leads a process group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
