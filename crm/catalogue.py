"""The texts of the product and their translations: extracted with Babel, so that no gettext is needed.

The catalogues in locale/ name files without line numbers and no dates: a diff shows texts that changed, nothing else.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("ru", "zh_Hans")
KEYWORDS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")
# Dates would change every file on every run; the rest are blanks of a form that nobody fills in.
IDLE_HEADERS = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator'
    r'|Project-Id-Version|Report-Msgid-Bugs-To|Language-Team): .*"\n',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Finding:
    """What is wrong with one text in one language; `text` is empty for the file as a whole."""

    language: str
    problem: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.language}: {self.problem}" + (f": {self.text!r}" if self.text else "")


def refresh(root: Path, language: str) -> int:
    """Writes the catalogue anew, keeps what is translated, compiles it; answers how many texts lack a translation."""
    path = path_of(root, language)
    catalogue = merged(root, language, extracted(root))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(catalogue), "utf-8")
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def findings(root: Path, language: str, texts: Catalog) -> Iterator[Finding]:
    """What keeps this language from being complete."""
    catalogue = merged(root, language, texts)
    path = path_of(root, language)
    if not path.exists() or path.read_text("utf-8") != as_text(catalogue):
        yield Finding(language, "the catalogue is stale: run manage.py messages")
    for message in catalogue:
        if not message.id:
            continue
        if not _is_translated(message):
            yield Finding(language, "untranslated", _first(message.id))
        elif message.fuzzy:
            yield Finding(language, "doubtful (fuzzy)", _first(message.id))
        elif not _placeholders_fit(message):
            yield Finding(language, "placeholders differ", _first(message.id))


def extracted(root: Path) -> Catalog:
    """Every text of Python files and templates, sorted."""
    found = Catalog(charset="utf-8")
    for file in sorted(_python_files(root)):
        _add(found, root, file, io.BytesIO(file.read_bytes()))
    for file in sorted(_templates(root)):
        _add(found, root, file, io.BytesIO(_as_python(file).encode()))
    return found


def merged(root: Path, language: str, texts: Catalog) -> Catalog:
    path = path_of(root, language)
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False, header_comment="# Translations of the product.")
    if not path.exists():
        kept = fresh
    else:
        with path.open("rb") as file:
            kept = read_po(file, locale=language)
        kept.header_comment, kept.fuzzy = fresh.header_comment, False
    kept.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    return kept


def as_text(catalogue: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return IDLE_HEADERS.sub("", out.getvalue().decode())


def path_of(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def _python_files(root: Path) -> Iterator[Path]:
    for room in root.iterdir():
        if (room / "__init__.py").exists() and room.name != "tests":
            yield from (file for file in room.rglob("*.py") if "migrations" not in file.parts)


def _templates(root: Path) -> Iterator[Path]:
    for folder in [root / "templates", *root.glob("*/templates")]:
        if folder.parent.name != "tests":
            yield from (file for file in folder.rglob("*") if file.suffix in (".html", ".txt"))


def _as_python(file: Path) -> str:
    """Django turns a template into calls of gettext between blanked-out words; without indents Python reads it."""
    return "\n".join(line.strip() for line in templatize(file.read_text("utf-8"), origin=str(file)).splitlines())


def _add(found: Catalog, root: Path, file: Path, source: io.BytesIO) -> None:
    place = file.relative_to(root).as_posix()
    for line, text, _comments, context in extract("python", source, keywords=KEYWORDS):
        found.add(text, locations=[(place, line)], context=context)


def _is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(forms) and all(forms)


def _placeholders_fit(message: Message) -> bool:
    """A plural form may have those of the singular or of the plural (Russian counts 21 like 1)."""
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    wanted = [sorted(PLACEHOLDER.findall(one)) for one in ids]
    return all(sorted(PLACEHOLDER.findall(form or "")) in wanted for form in forms)


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]
