"""A file opened as a table: its header, and its rows as cells of clean text, streamed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from records.imports.delimited import guess_delimiter, read_rows, survey
from records.imports.encodings import first_error, guess_encoding
from records.imports.header import fold_header, guess_header, name_columns, repeated
from records.imports.problems import FileProblem
from records.imports.sniff import WORKBOOK, sniff
from records.imports.workbook import Sheet, unpack

_HEAD_ROWS = 200
_BLANKS = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00]")
_GUARDED = re.compile(r"^'(?=[=+\-@\t])")


@dataclass(frozen=True)
class Table:
    """``rows`` counts what stands below the header, blank lines included; the exact number comes with the test."""

    path: Path
    encoding: str
    delimiter: str
    quoting: int
    header_row: int | None
    headers: tuple[str, ...]
    rows: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    formulas: int = 0
    repeated: tuple[str, ...] = ()

    def __iter__(self) -> Iterator["Row"]:
        """Rows with something in them."""
        skip = 0 if self.header_row is None else self.header_row + 1
        width = len(self.headers)
        for number, cells in enumerate(self._raw(), start=1):
            if number <= skip:
                continue
            cells = [clean(cell) for cell in cells]
            if any(cells):
                extra = any(cells[width:])
                yield Row(number, cells[:width] + [""] * (width - len(cells)), extra)

    def head(self, count: int) -> list["Row"]:
        return list(islice(self, count))

    def _raw(self) -> Iterator[list[str]]:
        return read_rows(self.path, self.encoding, self.delimiter, self.quoting)

    @property
    def reading(self) -> dict[str, Any]:
        """What a person may choose differently, as it is remembered with a mapping."""
        header = 0 if self.header_row is None else self.header_row + 1
        return {"encoding": self.encoding, "delimiter": self.delimiter, "sheet": self.sheet, "header_row": header}


@dataclass(slots=True)
class Row:
    """``number`` as a person counts the rows of the file; ``extra``: it has more cells than the header."""

    number: int
    cells: list[str]
    extra: bool = False
    problems: list[Any] = field(default_factory=list)


def largest() -> int:
    """The size in bytes up to which a file is read."""
    return settings.IMPORT_LARGEST_MB << 20


def clean(cell: str) -> str:
    """A cell without white space around it, invisible marks, or the apostrophe that guards a formula."""
    if cell.isascii():
        text = cell.strip()
        return _GUARDED.sub("", text) if text.startswith("'") else text
    return _GUARDED.sub("", _BLANKS.sub("", cell).replace("\u00a0", " ").strip())


def open_table(
    path: Path, name: str, *, folder: Path, knows: Callable[[str], bool], choice: dict[str, Any] | None = None
) -> Table:
    """Opens a file as a table. Raises FileProblem, with nothing changed but ``folder``.

    ``folder``: where sheets of a workbook are unpacked. ``knows``: whether a folded header name belongs to the kind.
    ``choice``: what a person chose instead of the guess (encoding, delimiter, sheet, header_row from 1, 0 for none).
    """
    choice = {key: value for key, value in (choice or {}).items() if value not in (None, "")}
    size = path.stat().st_size
    if size > largest():
        raise FileProblem("too_large", limit=largest() >> 20)
    with open(path, "rb") as file:
        what = sniff(file.read(65_536), name)
    if what == WORKBOOK:
        return _open_workbook(path, folder, knows, choice)
    return _open_text(path, name, knows, choice)


def _open_workbook(path: Path, folder: Path, knows: Callable[[str], bool], choice: dict[str, Any]) -> Table:
    sheets = unpack(path, folder)
    chosen = next((sheet for sheet in sheets if sheet.name == choice.get("sheet")), None)
    sheet = chosen or max(sheets, key=lambda each: _promise(each, knows))
    names = tuple(each.name for each in sheets)
    table = _finish(sheet.path, "utf-8", ",", 0, sheet.rows, knows, choice)
    return Table(**{**table, "sheet": sheet.name, "sheets": names, "formulas": sheet.formulas})


def _promise(sheet: Sheet, knows: Callable[[str], bool]) -> int:
    """How many columns of a sheet the kind knows; the first sheet wins a tie."""
    rows = list(islice(read_rows(sheet.path, "utf-8", ","), 15))
    return max((sum(1 for cell in row if knows(fold_header(cell))) for row in rows), default=0)


def _open_text(path: Path, name: str, knows: Callable[[str], bool], choice: dict[str, Any]) -> Table:
    encoding = choice.get("encoding")
    if encoding is None:
        encoding = guess_encoding(path)
    line = first_error(path, encoding)
    if line is not None:
        raise FileProblem("encoding", line=line, encoding=encoding.upper())
    delimiter = choice.get("delimiter") or guess_delimiter(path, encoding, name)
    found = survey(path, encoding, delimiter)
    return Table(**_finish(path, encoding, delimiter, found.quoting, found.rows, knows, choice))


def _finish(
    path: Path, encoding: str, delimiter: str, quoting: int, rows: int, knows: Callable[[str], bool],
    choice: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    head = [[clean(cell) for cell in row] for row in islice(read_rows(path, encoding, delimiter, quoting), _HEAD_ROWS)]
    if not any(any(row) for row in head):
        raise FileProblem("empty")
    at = _header_row(head, knows, choice)
    below = head[at + 1 :] if at is not None else head
    if not any(any(row) for row in below) and rows <= _HEAD_ROWS:
        raise FileProblem("no_rows")
    names = name_columns(head[at] if at is not None else None, _width(head, at), _("Column %(number)s"))
    return {
        "path": path, "encoding": encoding, "delimiter": delimiter, "quoting": quoting, "header_row": at,
        "headers": names, "rows": max(0, rows - (0 if at is None else at + 1)), "repeated": tuple(repeated(names)),
    }  # fmt: skip


def _header_row(head: list[list[str]], knows: Callable[[str], bool], choice: dict[str, Any]) -> int | None:
    if "header_row" not in choice:
        return _skip_separator_line(head, guess_header(head, knows))
    row = int(choice["header_row"]) - 1
    return row if 0 <= row < len(head) else None


def _skip_separator_line(head: list[list[str]], at: int | None) -> int | None:
    """``sep=;`` above the header is for a spreadsheet, not for a person."""
    return 1 if at in (None, 0) and head and head[0] and head[0][0].lower().startswith("sep=") else at


def _width(head: list[list[str]], at: int | None) -> int:
    """The header decides; without one the widest row does."""
    if at is None:
        return max(map(len, head))
    row = head[at]
    filled = max((index + 1 for index, cell in enumerate(row) if cell), default=0)
    below = max((_filled_width(row) for row in head[at + 1 :]), default=0)
    # Columns that have values and no name are shown too when the row was as wide as they are.
    return max(filled, min(below, len(row)))


def _filled_width(row: list[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)
