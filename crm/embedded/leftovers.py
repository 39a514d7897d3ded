"""What a killed start left behind: processes that still end, and a lock file of the database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 30.0


def fingerprint(pid: int) -> str | None:
    """When the process began, so that a number used again is not mistaken for ours; None when it is gone."""
    if sys.platform != "linux":
        answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return answer.stdout.strip() or None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def end(remembered: dict[str, list]) -> None:
    """Stop what an earlier start left running. Most of it has had its signal from the kernel already."""
    running = {name: pid for name, (pid, mark) in remembered.items() if mark and fingerprint(pid) == mark}
    for name, pid in running.items():
        _send(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(fingerprint(pid) for pid in running.values()):
        if time.monotonic() > deadline:
            for pid in running.values():
                _send(pid, signal.SIGKILL)
            deadline += PATIENCE
        time.sleep(0.1)


def remove_stale_lock(data: Path) -> None:
    """PostgreSQL trusts the number in its lock file, which may belong to another program by now."""
    lock = data / "postmaster.pid"
    if lock.exists() and not _is_postgres(int(lock.read_text().split()[0]), data):
        lock.unlink()


def _is_postgres(pid: int, data: Path) -> bool:
    if fingerprint(pid) is None:
        return False
    if sys.platform != "linux":
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
    else:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return "postgres" in command and str(data) in command


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
