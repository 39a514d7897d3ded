"""The collected static files: what the templates name by their hashed names."""

from collections.abc import Callable

from crm.embedded import stamps
from crm.embedded.place import Place


def collect(place: Place, lock: str, *, python: Callable[..., None]) -> None:
    """``python(*words)`` runs one of our commands to its end. Done again when a file or a package has changed."""
    folders = [place.root / "static", place.vendor]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    inputs = stamps.of_outline([*files, place.root / lock])
    stamp = place.stamps / "static"
    if stamps.is_current(stamp, inputs) and place.static.is_dir():
        return
    python("manage.py", "collectstatic", "--noinput", "--clear", "-v", "0")
    stamps.mark(stamp, inputs)
