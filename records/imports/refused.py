"""The refused rows as a file that can be mended and imported again: the columns of the file, then the reason."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from records.imports.reasons import words
from records.models import FileImport

_FORMULA = ("=", "@", "\t", "\r")


def write_refused(file_import: FileImport, headers: Iterable[str], path: Path) -> None:
    with open(path, "wb") as file:
        if path.suffix.lower() == ".xlsx":
            file.write(as_xlsx(file_import, headers))
        else:
            file.writelines(as_csv(file_import, headers))


def as_csv(file_import: FileImport, headers: Iterable[str]) -> Iterator[bytes]:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    yield b"\xef\xbb\xbf"
    for cells in _lines(file_import, headers):
        line = io.StringIO()
        csv.writer(line).writerow([guard(cell) for cell in cells])
        yield line.getvalue().encode()


def as_xlsx(file_import: FileImport, headers: Iterable[str]) -> bytes:
    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True, "constant_memory": True}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(_lines(file_import, headers)):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell[:32_767])
    return made.getvalue()


def guard(cell: str) -> str:
    """A spreadsheet must not calculate what somebody wrote into a cell. Reading takes the apostrophe away again."""
    if cell.startswith(_FORMULA):
        return f"'{cell}"
    if cell[:1] in {"+", "-"} and any(character.isalpha() or character in "|!=" for character in cell):
        return f"'{cell}"
    return cell


def _lines(file_import: FileImport, headers: Iterable[str]) -> Iterator[list[Any]]:
    headers = list(headers)
    yield [*headers, _("Reason")]
    for cells, reasons in file_import.refused_rows.order_by("row").values_list("cells", "reasons").iterator(2_000):
        padded = [*cells[: len(headers)], *[""] * (len(headers) - len(cells))]
        yield [*padded, words(reasons)]
