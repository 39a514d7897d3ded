"""How a child process is started so that it never outlives its parent."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def dies_with_parent(sig: int = signal.SIGTERM) -> Callable[[], None]:
    """A preexec_fn: the kernel sends `sig` to the child when its parent is gone (Linux only)."""
    parent = os.getpid()
    return lambda: end_with_parent(sig, parent=parent)


def end_with_parent(sig: int, *, parent: int | None = None) -> None:
    """The same, asked for by the child itself."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
    if parent is not None and os.getppid() != parent:  # it died between fork and prctl
        os._exit(1)


def unprivileged(then: Callable[[], None]) -> Callable[[], None]:
    """A preexec_fn for PostgreSQL, which refuses root and unknown users: a user namespace hides the id."""
    if sys.platform != "linux" or (os.geteuid() != 0 and _has_name(os.geteuid())):
        return then

    def prepare() -> None:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
            raise OSError("this system gives root no user namespace: run as an ordinary user")
        then()

    return prepare


def _has_name(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid))
    except KeyError:
        return False


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen, seconds: float, log: str) -> None:
    """Poll until `ready()`; when the process ends or the time is over, the end of its log is the error."""
    deadline = time.monotonic() + seconds
    try:
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(_tail(log) or f"no answer within {seconds:.0f} s")
            time.sleep(0.03)
    except BaseException:  # also when we are asked to stop meanwhile: nobody else knows this process yet
        stop(process)
        raise


def stop(process: subprocess.Popen, *, sig: int = signal.SIGTERM, seconds: float = 20) -> None:
    if process.poll() is not None:
        return
    process.send_signal(sig)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(path: str, size: int = 1500) -> str:
    try:
        with open(path, errors="replace") as log:
            return log.read()[-size:].strip()
    except OSError:
        return ""
