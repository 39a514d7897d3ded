"""The Python packages: a `.venv` of our own, filled from a lock file with hashes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crm.embedded import stamps
from crm.embedded.place import Place


def install(place: Place, lock_name: str, *, say: Callable[[str], None]) -> None:
    """Bring `.venv` to what the lock says. A `.venv` that is a link is someone else's and left alone."""
    if place.venv.is_symlink():
        return
    lock = place.root / lock_name
    stamp = place.venv / f"{lock_name}.stamp"
    inputs = stamps.of_contents([lock], str(place.venv))
    if stamps.is_current(stamp, inputs) and place.python.exists():
        return
    if not _has_pip(place.python):
        say("Making .venv")
        _make(place.venv)
    say("Installing Python packages (a minute or two, the first time)")
    _pip(place.python, "install", "--require-hashes", "--no-deps", "-r", str(lock))
    stamps.mark(stamp, inputs)


def _has_pip(python: Path) -> bool:
    return python.exists() and _quiet([python, "-m", "pip", "--version"]) == 0


def _make(venv: Path) -> None:
    if _quiet([sys.executable, "-m", "venv", "--clear", venv]) == 0:
        return
    # Debian ships venv without its pip; where pip itself is there, it can fill the environment from outside.
    if _quiet([sys.executable, "-m", "venv", "--clear", "--without-pip", venv]) == 0:
        _quiet([sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "install", "pip"])
    if not _has_pip(venv / "bin" / "python"):
        raise SystemExit(
            "This Python cannot make a virtual environment with pip in it.\n"
            "On Debian and Ubuntu: apt-get install python3-venv. Or use a Python from python.org."
        )


def _pip(python: Path, *arguments: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "-q", *arguments], stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise SystemExit("The Python packages could not be installed: see pip's message above.")


def _quiet(command: list) -> int:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode
