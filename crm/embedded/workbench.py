"""`bin/test` and `bin/check`: the same set-up as `bin/run`, with what tests and checks need besides."""

import os
import subprocess
import sys
from pathlib import Path

from crm.embedded import assets, packages, translations
from crm.embedded.place import Place

LOCK = "requirements-dev.lock"

# Nothing is reached through these: tools only import the settings.
INERT = {
    "NO_ENV_FILES": "1",
    "SECRET_KEY": "for tools that read the settings and serve nothing",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}
CHECKS = [
    ("lint", ["-m", "ruff", "check", "-q", "."]),
    ("format", ["-m", "ruff", "format", "-q", "--check", "."]),
    ("templates", ["-m", "djlint", "templates", "--lint", "--quiet"]),
    ("types", ["-m", "mypy", "--no-error-summary"]),
    ("translations", ["manage.py", "messages", "--check"]),
]


def test(root: Path, arguments: list[str]) -> int:
    place = _prepare(root)
    return _pytest(place, arguments)


def check(root: Path, arguments: list[str]) -> int:
    """All checks, then the tests, whose summary closes the output; 0 only when everything is clean."""
    place = _prepare(root)
    broken = [name for name, command in CHECKS if not _passes(place, name, command)]
    if broken:
        say(f"Not clean: {', '.join(broken)}. The tests run all the same.")
    return _pytest(place, ["--slow", *arguments]) or int(bool(broken))


def _prepare(root: Path) -> Place:
    place = Place(root)
    place.local.mkdir(exist_ok=True)
    packages.install(place, LOCK, say=say)
    assets.fetch(place, say=say)
    translations.compile_all(place, python=lambda *words: _finish(place, *words))
    return place


def _passes(place: Place, name: str, command: list[str]) -> bool:
    say(f"Checking {name}")
    return _run(place, command, **INERT) == 0


def _pytest(place: Place, arguments: list[str]) -> int:
    alone = any(word.startswith("-n") or word in {"--pdb", "--collect-only"} for word in arguments)
    parallel = [] if alone else ["-n", "2", "--dist", "loadgroup"]
    return _run(place, ["-m", "pytest", "-rs", *parallel, *arguments])


def _run(place: Place, command: list[str], **settings: str) -> int:
    env = {**os.environ, **settings}
    return subprocess.run([place.python, *command], cwd=place.root, env=env).returncode


def _finish(place: Place, *command: str) -> None:
    done = subprocess.run([place.python, *command], cwd=place.root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
