"""The embedded PostgreSQL server: create its files once, start it as a direct child, wait, stop.

`postgres` itself is the child, not `pg_ctl`: after a kill -9 that leaves no orphan and no stale lock.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from crm.embedded.process import dies_with_parent, stop, unprivileged, wait_until

# Plain C breaks trigram search for Chinese and ILIKE for Russian; C.UTF-8 gives the same order everywhere.
LOCALE = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]

KEEP_DATA = {
    "max_wal_size": "1GB",
    "shared_buffers": "256MB",
    "shared_preload_libraries": "pg_stat_statements",
    # For disks without heads: by default the planner reads a million customers to find the names of thirty thousand.
    "random_page_cost": "1.1",
    "work_mem": "16MB",
}
FORGET_DATA = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


def create(bindir: Path, data: Path, *, user: str, password: str, throwaway: bool = False) -> None:
    """Make the cluster's files, once; the rename at the end tells a whole cluster from an interrupted one."""
    if (data / "PG_VERSION").exists():
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    secret, unfinished = data.with_name(f"{data.name}.pw"), data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    _write_private(secret, password + "\n")
    people = ["-U", user, "-A", "scram-sha-256", f"--pwfile={secret}"]
    quick = ["--no-sync"] if throwaway else []
    try:
        subprocess.run(
            [str(bindir / "initdb"), "-D", str(unfinished), *people, *LOCALE, "--no-instructions", *quick],
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=unprivileged(dies_with_parent(signal.SIGKILL)),
            env={**os.environ, "LC_ALL": "C"},
        )
        unfinished.rename(data)
    finally:
        secret.unlink()


def start(bindir: Path, data: Path, *, port: int, log: Path, options: dict[str, str]) -> subprocess.Popen:
    """Start and wait until connections are accepted. Only 127.0.0.1: a socket path may be too long."""
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **options}
    arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with log.open("a") as out:
        process = subprocess.Popen(
            [str(bindir / "postgres"), "-D", str(data), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal must reach the supervisor only
            preexec_fn=unprivileged(dies_with_parent(signal.SIGINT)),
        )
    wait_until(lambda: accepts(bindir, port), process=process, seconds=180, log=str(log))
    return process


def ensure_database(bindir: Path, name: str, *, port: int, user: str, password: str) -> None:
    found = _ask(bindir, f"SELECT 1 FROM pg_database WHERE datname = '{name}'", port, user, password)
    if not found.strip():
        _ask(bindir, f'CREATE DATABASE "{name}"', port, user, password)


def drop_database(bindir: Path, name: str, *, port: int, user: str, password: str) -> None:
    _ask(bindir, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', port, user, password)


def _ask(bindir: Path, sql: str, port: int, user: str, password: str) -> str:
    command = [str(bindir / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", user, "-d", "postgres", "-tA", "-c", sql]
    env = {**os.environ, "PGPASSWORD": password}
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def finish(process: subprocess.Popen) -> None:
    stop(process, sig=signal.SIGINT, seconds=120)  # "fast": ends sessions, writes a checkpoint


def accepts(bindir: Path, port: int) -> bool:
    return subprocess.run([bindir / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode == 0


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
