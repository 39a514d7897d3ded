"""The embedded Valkey server: message broker, cache and locks."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from crm.embedded.process import dies_with_parent, stop, wait_until


def start(binary: Path, folder: Path, *, port: int, password: str, log: Path, keep: bool = True) -> subprocess.Popen:
    """Start and wait until it answers. The password stands in a private file, never in the process list."""
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "valkey.conf"
    with open(os.open(conf, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(_configuration(folder, port=port, password=password, keep=keep))
    with log.open("a") as out:
        process = subprocess.Popen(
            [str(binary), str(conf)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
    wait_until(lambda: _answers(port, password), process=process, seconds=60, log=str(log))
    return process


def finish(process: subprocess.Popen) -> None:
    stop(process)


def _configuration(folder: Path, *, port: int, password: str, keep: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{folder}"',
        f"appendonly {'yes' if keep else 'no'}",
        'save ""',
        f"requirepass {password}",
        "maxmemory-policy noeviction",  # an evicted message would be a lost job
        "databases 64",  # a test worker takes two
    ]
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
            return b"PONG" in b"".join(iter(lambda: line.recv(64), b""))
    except OSError:
        return False
