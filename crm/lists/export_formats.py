"""CSV and XLSX, written row by row so that memory stays flat."""

import csv
import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from crm.lists.export_rows import ExportRows

BOM = "\ufeff"
# A spreadsheet holds this many rows, the head among them.
XLSX_ROWS = 1_048_576
_PHONE = re.compile(r"^\+\d{5,20}$")
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def content_type(kind: str) -> str:
    return _TYPES[kind]


def csv_lines(rows: ExportRows, *, with_bom: bool) -> Iterator[str]:
    """The lines of a CSV file. ``with_bom``: office software then reads it as UTF-8."""
    writer = csv.writer(_Echo())
    yield (BOM if with_bom else "") + writer.writerow([safe(head) for head in rows.heads])
    for row in rows:
        yield writer.writerow([_text(value) for value in row])


def write_csv(rows: ExportRows, path: Path, *, with_bom: bool) -> int:
    count = -1
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in csv_lines(rows, with_bom=with_bom):
            file.write(line)
            count += 1
    return count


def write_xlsx(rows: ExportRows, path: Path) -> int:
    """Writes to a temporary folder row by row; text is never taken for a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    number = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, rows.heads, bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write_cell(sheet, number, place, value, day, moment)
    return number


def _write_cell(sheet: Any, number: int, place: int, value: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(number, place, value, moment)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(number, place, datetime.datetime.combine(value, datetime.time()), day)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(number, place, value)
    else:
        sheet.write_string(number, place, str(value))


def safe(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets a mark before it; a phone number stays one."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _PHONE.match(text) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value)


class _Echo:
    """The csv writer hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
