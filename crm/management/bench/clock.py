"""What a piece of work costs: CPU of this process and of its database session, and time on the wall.

CPU is what a busy machine does not falsify. Where the server's cannot be read (another machine, no /proc), the wall
clock stands in for both.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Cost:
    """In milliseconds."""

    cpu: float
    wall: float


class Clock:
    def __init__(self) -> None:
        self.sees_server = self._server_cpu() is not None

    def of(self, work: Callable[[], Any]) -> tuple[Cost, Any]:
        """What ``work`` cost, and what it answered."""
        server, own, wall = self._server_cpu(), time.process_time_ns(), time.perf_counter_ns()
        answer = work()
        passed = (time.perf_counter_ns() - wall) / 1e6
        spent = (time.process_time_ns() - own) / 1e6
        after = self._server_cpu()
        if server is None or after is None:
            return Cost(passed, passed), answer
        return Cost(spent + (after - server) / 1e6, passed), answer

    def _server_cpu(self) -> int | None:
        """Nanoseconds that the session's process was on a CPU."""
        if connection.connection is None:
            connection.ensure_connection()
        process = Path("/proc") / str(connection.connection.info.backend_pid)
        try:
            if b"postgres" not in (process / "cmdline").read_bytes():
                return None
            return int((process / "schedstat").read_text().split()[0])
        except OSError:
            return None


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


class Memory:
    """The most memory of this process since it was made, in MB; None where the kernel does not tell."""

    def __init__(self) -> None:
        self._reset()
        self.before = self._peak()

    def growth(self) -> float | None:
        peak = self._peak()
        return None if peak is None or self.before is None else peak - self.before

    def _reset(self) -> None:
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            return

    def _peak(self) -> float | None:
        try:
            lines = Path("/proc/self/status").read_text().splitlines()
        except OSError:
            return None
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)
