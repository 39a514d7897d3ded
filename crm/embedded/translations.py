"""Compiles locale/*.po with Babel: no gettext from the system is needed."""

from collections.abc import Callable

from crm.embedded import stamps
from crm.embedded.place import Place


def compile_all(place: Place, *, python: Callable[..., object]) -> None:
    catalogues = list(place.root.glob("locale/*/LC_MESSAGES/*.po"))
    inputs = stamps.of_outline(catalogues)
    stamp = place.stamps / "translations"
    compiled = all(file.with_suffix(".mo").exists() for file in catalogues)
    if not catalogues or (compiled and stamps.is_current(stamp, inputs)):
        return
    for domain in sorted({file.stem for file in catalogues}):
        python("-m", "babel.messages.frontend", "compile", "-d", "locale", "-D", domain)
    stamps.mark(stamp, inputs)
