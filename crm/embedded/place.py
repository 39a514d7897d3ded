"""Where things lie: everything that is made, and not written by us, is below `.local` and `.venv`."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def local(self) -> Path:
        return self.root / ".local"

    @property
    def data(self) -> Path:
        """What a person would miss: databases, uploaded files, secrets. `--reset` empties it."""
        return self.local / "data"

    @property
    def logs(self) -> Path:
        return self.local / "logs"

    @property
    def stamps(self) -> Path:
        return self.local / "stamps"

    @property
    def vendor(self) -> Path:
        return Path(os.environ.get("VENDOR_DIR") or self.local / "vendor")

    @property
    def fonts(self) -> Path:
        return Path(os.environ.get("FONTS_DIR") or self.local / "fonts")

    @property
    def static(self) -> Path:
        return self.local / "static"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def in_packages(self, pattern: str) -> Path:
        """A file of an installed wheel, found without importing it: we may run on another Python."""
        for found in sorted(self.venv.glob(f"lib/python3*/site-packages/{pattern}")):
            return found
        raise FileNotFoundError(f"{pattern} is not among the installed packages: remove .venv and start again")
