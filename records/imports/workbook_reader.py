"""The process that opens a workbook: ``python -m records.imports.workbook_reader FILE FOLDER`` prints JSON.

Loads nothing of the application, so that it starts quickly and can be limited tightly.
"""

import csv
import datetime
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
MOST_MEMORY = 3 << 30
MOST_SECONDS = 110
MOST_UNPACKED = 600 * MEGABYTE
MOST_COLUMNS = 1000
_CHUNK = 1 << 20


class Refused(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main(source: str, folder: str) -> int:
    limit_this_process()
    try:
        report: dict[str, Any] = {"sheets": unpack(Path(source), Path(folder))}
    except Refused as problem:
        report = {"problem": {"code": problem.code, "params": problem.params}}
    except MemoryError:
        report = {"problem": {"code": "too_slow", "params": {}}}
    print(json.dumps(report))
    return 0


def limit_this_process() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the caller's time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def unpack(source: Path, folder: Path) -> list[dict[str, Any]]:
    formulas = check_zip(source) if zipfile.is_zipfile(source) else 0
    book = open_book(source)
    sheets = []
    for number, meta in enumerate(book.sheets_metadata):
        if "visible" not in str(meta.visible).lower() or "work" not in str(meta.typ).lower():
            continue
        name = f"sheet{number}.csv"
        rows = write_sheet(book, meta.name, folder / name)
        if rows:
            sheets.append({"name": meta.name, "rows": rows, "file": name, "formulas": formulas})
    if not sheets:
        raise Refused("no_sheet")
    return sheets


def check_zip(source: Path) -> int:
    """Unpacks every part into nothing, counting: what a directory declares may be a lie. Returns formulas seen."""
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 5000:
                raise Refused("bomb")
            if not any(part.filename in _MAIN_PARTS for part in parts):
                raise Refused("wrong_type")
            if any(part.flag_bits & 1 for part in parts):
                raise Refused("password")
            return _count(source, parts)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError) as error:
        raise Refused("damaged") from error


_MAIN_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}


def _count(source: Path, parts: list[zipfile.ZipInfo]) -> int:
    total = formulas = 0
    with open(source, "rb") as raw:
        for part in parts:
            for chunk in _unpacked(raw, part):
                total += len(chunk)
                if total > MOST_UNPACKED:
                    raise Refused("bomb")
                if part.filename.startswith("xl/worksheets/"):
                    formulas += chunk.count(b"<f>") + chunk.count(b"<f ")
    return formulas


def _unpacked(raw: Any, part: zipfile.ZipInfo) -> Any:
    """The true bytes of a part, read past its declared size on purpose."""
    raw.seek(part.header_offset)
    header = raw.read(30)
    if header[:4] != b"PK\x03\x04":
        raise Refused("damaged")
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if part.compress_type == zipfile.ZIP_STORED:
        yield from _pieces(raw, part.compress_size)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflate = zlib.decompressobj(-15)
    while not inflate.eof:
        data = inflate.unconsumed_tail or raw.read(_CHUNK)
        if not data:
            raise Refused("damaged")
        yield inflate.decompress(data, _CHUNK)


def _pieces(raw: Any, size: int) -> Any:
    while size > 0 and (piece := raw.read(min(size, _CHUNK))):
        size -= len(piece)
        yield piece


def open_book(source: Path) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(source))
    except python_calamine.PasswordError as error:
        raise Refused("password") from error
    except Exception as error:
        raise Refused("password" if "password" in str(error).lower() else "damaged") from error


def write_sheet(book: Any, name: str, target: Path) -> int:
    try:
        sheet = book.get_sheet_by_name(name)
    except Exception as error:
        raise Refused("damaged") from error
    if sheet.total_width > MOST_COLUMNS:
        raise Refused("too_many_columns", columns=sheet.total_width, limit=MOST_COLUMNS)
    filled = 0
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        # Rows above the first filled one count, so that row numbers are those of the sheet.
        for _blank in range(sheet.start[0] if sheet.start else 0):
            writer.writerow([])
        for row in sheet.iter_rows():
            cells = [as_text(cell) for cell in row]
            filled += any(cells)
            writer.writerow(cells)
    return filled


def as_text(cell: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, dates ISO."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
