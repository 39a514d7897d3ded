"""A real Celery worker on the test's own database and broker, to be killed in the middle of its work.

Use with ``transactional_db``: the worker sees committed rows only.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from kombu import pools

from crm.embedded.process import dies_with_parent

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """``start()``, ``kill()`` (-9 to the whole group) and ``stop()``; its output stands in ``log``."""

    def __init__(self, folder: Path, *, processes: int = 1) -> None:
        self.log = folder / "worker.log"
        self.processes = processes
        self.process: subprocess.Popen | None = None

    def start(self) -> "Worker":
        command = ["-m", "celery", "-A", "crm", "worker", "-c", str(self.processes), "-l", "info"]
        command += ["--without-gossip", "--without-mingle", "-n", f"test{time.monotonic_ns()}@localhost"]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environment(),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        wait_for(lambda: " ready." in self.log.read_text(), seconds=60, what="the worker", log=self.log)
        return self

    def kill(self) -> None:
        """As a power cut would: the worker and its children, at once."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def environment() -> dict[str, str]:
    """What a process of the product needs to work on this test's database and broker."""
    held = connection.settings_dict
    url = f"postgres://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "crm.settings", "LOG_JSON": "true"}


@pytest.fixture
def worker(tmp_path: Path, transactional_db: None) -> Iterator[Worker]:
    """Not started yet. The queue is empty, and empty again afterwards."""
    from crm.celery import app

    app.control.purge()
    one = Worker(tmp_path)
    yield one
    one.kill()
    app.control.purge()
    app.pool.force_close_all()
    pools.reset()  # a closed pool stays closed: the next test needs a new one
    app._pool = app.amqp._producer_pool = None


def wait_for(ready: Callable[[], bool], *, seconds: float = 30, what: str = "it", log: Path | None = None) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about: {log.read_text()[-3000:] if log else ''}")
        time.sleep(0.05)


HOLD = 4_711  # key of the advisory lock at which a held job waits


@contextmanager
def held_at_event(number: int, *, table: str = "records_event") -> Iterator[Callable[[], bool]]:
    """Whoever writes row ``number`` of the table, counted from now, waits in the middle of its statement.

    Yields a question: does somebody wait? On leaving, whoever waits goes on, if its process still lives.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE SEQUENCE held_events;
            CREATE FUNCTION hold_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('held_events') = {number} THEN PERFORM pg_advisory_xact_lock({HOLD}); END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER hold_event BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION hold_event();
            SELECT pg_advisory_lock({HOLD});
        """)
    try:
        yield _somebody_waits
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({HOLD})")
            cursor.execute("DROP FUNCTION hold_event() CASCADE")
            cursor.execute("DROP SEQUENCE held_events")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [HOLD]
        )
        return cursor.fetchone()[0] > 0
