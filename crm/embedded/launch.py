"""`bin/run`: from a bare clone to a running installation, with nothing but Python.

Standard library only. Every step is skipped when what it reads has not changed, so the second start is quick.
"""

import argparse
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TextIO

from crm.embedded import assets, leftovers, packages, programs, stamps, static_files, translations
from crm.embedded.memory import Memory, is_free, write_private
from crm.embedded.place import Place
from crm.embedded.supervisor import Stop, Supervisor, stop_on_signals

LOCK = "requirements.lock"
LARGEST_LOG = 10_000_000
HAS_DATA = 3  # how `manage.py seed` says that the database is not empty
DEMO_PEOPLE = [
    ("alice", "account manager, team North"),
    ("bob", "account manager, team North"),
    ("charlie", "account manager, team South"),
    ("tess", "supervisor, team North"),
    ("erin", "executive"),
    ("ada", "system administrator"),
    ("olga", "sales operations"),
    ("finn", "finance"),
]


def main(root: Path, arguments: list[str]) -> int:
    options = _options(arguments)
    launch = Launch(Place(root), options)
    stop_on_signals()
    try:
        launch.prepare()
        launch.run()
    except Stop:
        say("Stopping")
    except (RuntimeError, FileNotFoundError) as error:
        say(f"The start failed:\n{error}\nLogs: {launch.place.logs}")
        return 1
    except subprocess.SubprocessError as error:
        say(f"The start failed: {error}\n{_about_root()}")
        return 1
    finally:
        launch.supervisor.stop_all()
    say("Stopped")
    return 0


class Launch:
    def __init__(self, place: Place, options: argparse.Namespace) -> None:
        self.place = place
        self.options = options
        self.lock = _only_one(place)
        self.memory = Memory(place.data / "memory.json")
        self.supervisor = Supervisor(say=say, remember=self._remember)
        self.given = _given_settings(place.root)
        self.has_own_data = False

    def prepare(self) -> None:
        """Everything that needs no running server."""
        if self.options.demo == "small" and "DATABASE_URL" in self.given:
            raise SystemExit("The demo is refused: DATABASE_URL names a database that may hold data of others.")
        leftovers.end(self.memory.get("processes", {}))
        if self.options.reset:
            self._reset()
        self.port = self._web_port()
        self.place.logs.mkdir(parents=True, exist_ok=True)
        _shorten_logs(self.place.logs)
        packages.install(self.place, LOCK, say=say)
        assets.fetch(self.place, say=say)
        translations.compile_all(self.place, python=self._python)

    def run(self) -> None:
        """Until someone asks to stop."""
        self._start_servers()
        self._write_settings()
        self._migrate()
        static_files.collect(self.place, LOCK, python=self._python)
        self._seed()
        self.supervisor.add(programs.worker_program(self.place))
        self.supervisor.add(programs.beat_program(self.place))
        self.supervisor.add(programs.web_program(self.place, port=self.port))
        programs.wait_for_all(self.port)
        self._greet()
        self.supervisor.watch()

    # Steps, in the order in which they are taken

    def _reset(self) -> None:
        if "DATABASE_URL" in self.given:
            raise SystemExit("--reset empties the embedded database only, and DATABASE_URL names another one.")
        shutil.rmtree(self.place.data, ignore_errors=True)
        self.memory = Memory(self.place.data / "memory.json")
        say("The data of earlier starts is removed")

    def _web_port(self) -> int:
        wanted = self.options.port
        if wanted == 0:
            return self.memory.port("web_port")
        if not is_free(wanted):
            raise SystemExit(f"Port {wanted} is in use by another program. Choose one: bin/run --port {wanted + 1}")
        return wanted

    def _start_servers(self) -> None:
        if "DATABASE_URL" not in self.given:
            self.supervisor.add(programs.postgres_program(self.place, self.memory))
        if "REDIS_URL" not in self.given:
            self.supervisor.add(programs.valkey_program(self.place, self.memory))

    def _write_settings(self) -> None:
        """For our programs and `manage.py` in another terminal. The environment and `.env` go before."""
        settings = {
            "SECRET_KEY": self.memory.secret("secret_key"),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "MEDIA_ROOT": self.place.data / "media",
            "STATIC_ROOT": self.place.static,
            "VENDOR_DIR": self.place.vendor,
            "FONTS_DIR": self.place.fonts,
            "BEAT_FILE": self.place.data / "beat",
            "DEMO": self._is_demo(),
        }
        if "DATABASE_URL" not in self.given:
            settings["DATABASE_URL"] = programs.database_url(self.memory)
        if "REDIS_URL" not in self.given:
            settings["REDIS_URL"] = programs.redis_url(self.memory)
        lines = [f'{name}="{value}"\n' for name, value in settings.items()]
        write_private(self.place.data / "run.env", "".join(lines))

    def _migrate(self) -> None:
        code = [file for file in self.place.root.glob("[a-z]*/**/*.py") if "node_modules" not in file.parts]
        inputs = stamps.of_outline([*code, self.place.root / LOCK])
        stamp = self.place.data / "migrated"
        if "DATABASE_URL" not in self.given and stamps.is_current(stamp, inputs):
            return
        say("Bringing the database up to date")
        self._python("manage.py", "migrate", "--noinput", "-v", "0")
        stamps.mark(stamp, inputs)

    def _is_demo(self) -> bool:
        asked = self.options.demo != "none" and "DATABASE_URL" not in self.given
        return asked and not self.has_own_data and self._has_seed()

    def _has_seed(self) -> bool:
        return any(self.place.root.glob("*/management/commands/seed.py"))

    def _seed(self) -> None:
        """Once: what people made of the demo data is kept by the next start."""
        if not self._is_demo() or self.memory.get("seeded"):
            return
        say("Filling in demo data")
        if self._python("manage.py", "seed", "--size", "demo", accepts=(0, HAS_DATA)) == HAS_DATA:
            say("The demo is refused: there is other data already. bin/run --reset --demo small begins anew.")
            self.has_own_data = True
            self._write_settings()  # without DEMO
            return
        self.memory.put("seeded", True)

    def _greet(self) -> None:
        say(f"Ready at http://127.0.0.1:{self.port}")
        if self._is_demo():
            say('Sign in with the password "demo" as')
            for name, role in DEMO_PEOPLE:
                say(f"  {name:<8} {role}")
        elif link := self._setup_link():
            say(f"Set up the first administrator within an hour: {link}")
        elif self.memory.get("seeded"):
            say("The demo people sign in only with --demo small; --reset removes them and all data.")
        say("Ctrl-C stops everything and keeps the data.")

    def _setup_link(self) -> str:
        """Empty when there is an administrator."""
        asked = [str(self.place.python), "manage.py", "setup_link"]
        done = subprocess.run(asked, cwd=self.place.root, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    # What the steps use

    def _python(self, *arguments: str, accepts: tuple[int, ...] = (0,)) -> int:
        """Run to the end; its output is shown only when it fails."""
        log = self.place.log("setup")
        with log.open("w") as out:
            done = subprocess.run(
                [self.place.python, *arguments],
                cwd=self.place.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if done.returncode not in accepts:
            raise RuntimeError(f"{' '.join(arguments)}\n{log.read_text(errors='replace')[-3000:]}")
        return done.returncode

    def _remember(self, pids: dict[str, int]) -> None:
        self.memory.put("processes", {name: [pid, leftovers.fingerprint(pid)] for name, pid in pids.items()})


def say(line: str) -> None:
    print(line, flush=True)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Run Tidewell on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="web port; 0 takes any free one (default: 8000)")
    parser.add_argument(
        "--demo", choices=["small", "none"], help="demo people and data (default on our own database), or none"
    )
    parser.add_argument("--reset", action="store_true", help="remove the data of earlier starts first")
    return parser.parse_args(arguments)


def _only_one(place: Place) -> TextIO:
    """The kernel frees this lock however we end."""
    place.local.mkdir(exist_ok=True)
    file = (place.local / "run.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"bin/run is already running for {place.root}. Stop it first, with Ctrl-C.") from None
    return file


def _given_settings(root: Path) -> set[str]:
    """The names that a person has set, in the environment or in `.env`."""
    dotenv = root / ".env"
    text = dotenv.read_text() if dotenv.exists() else ""
    return set(os.environ) | set(re.findall(r"(?m)^\s*(?:export\s+)?([A-Z_]+)\s*=\s*\S", text))


def _shorten_logs(folder: Path) -> None:
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old"))


def _about_root() -> str:
    if os.geteuid() == 0:
        return "PostgreSQL refuses root, and this system gives root no user namespace: use an ordinary user."
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2], sys.argv[1:]))
