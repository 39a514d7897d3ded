"""Rows of a text file: delimiter guessed, streamed, so that a million rows need no more memory than ten."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from records.imports.problems import FileProblem

DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
MOST_COLUMNS = 1000
LONGEST_CELL = 131_072
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 1 << 18


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """Opened so that all line ends count (also a lone CR of classic Mac files) and stay as they are within quotes."""
    return open(path, encoding=encoding, errors="strict", newline="")


def guess_delimiter(path: Path, encoding: str, name: str = "") -> str:
    """The delimiter that cuts most rows into the same number of cells, more than one; a comma for one column."""
    with open_text(path, encoding) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    told = _told_by_first_line(sample)
    if told:
        return told
    first = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    order = [first, *(mark for mark in DELIMITERS if mark != first)]
    weights = {mark: _weight(sample, mark) for mark in order}
    best = max(order, key=lambda mark: weights[mark])
    return best if weights[best] > 0 else first


def _told_by_first_line(sample: str) -> str:
    """Some spreadsheets write ``sep=;`` above the header."""
    line = sample[:8].lstrip("\ufeff")
    return line[4] if line[:4].lower() == "sep=" and len(line) > 4 and line[4] in DELIMITERS else ""


def _weight(sample: str, delimiter: str) -> float:
    quoting = csv.QUOTE_NONE if delimiter == "\t" and '"' not in sample else csv.QUOTE_MINIMAL
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quoting=quoting):
            if any(cell.strip() for cell in row):
                widths[len(row)] += 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() + min(width, 20) / 100


@dataclass(frozen=True)
class Survey:
    """What one pass over the whole file found."""

    quoting: int
    rows: int


def survey(path: Path, encoding: str, delimiter: str) -> Survey:
    """Counts the rows and proves that every quotation mark is closed.

    A mark that never closes swallows the rest of the file: refused with its line, except in a tab file, where marks
    mostly mean inches and are read as they stand.
    """
    rows, opened = _walk(path, encoding, delimiter, csv.QUOTE_MINIMAL)
    if opened is None:
        return Survey(csv.QUOTE_MINIMAL, rows)
    if delimiter != "\t":
        raise FileProblem("unclosed_quote", line=opened)
    return Survey(csv.QUOTE_NONE, _walk(path, encoding, delimiter, csv.QUOTE_NONE)[0])


def _walk(path: Path, encoding: str, delimiter: str, quoting: int) -> tuple[int, int | None]:
    """The number of rows, and the line of a quotation mark that is open at the end of the file."""
    rows = ended = 0
    with open_text(path, encoding) as file:
        reader = csv.reader(file, delimiter=delimiter, quoting=quoting, strict=True)
        while True:
            try:
                for _row in reader:
                    rows += 1
                    ended = reader.line_num
                return rows, None
            except csv.Error as error:
                if "unexpected end" in str(error):
                    return rows, ended + 1
                if "field larger" in str(error):
                    raise FileProblem("cell_too_long", line=ended + 1, limit=LONGEST_CELL) from error
                rows += 1  # text after a closing mark: read leniently later
                ended = reader.line_num
            except UnicodeDecodeError as error:
                raise FileProblem("encoding", line=reader.line_num + 1, encoding=encoding) from error


def read_rows(path: Path, encoding: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> Iterator[list[str]]:
    """All rows as text, blank ones included, so that row numbers are those a person sees."""
    with open_text(path, encoding) as file:
        reader = csv.reader(file, delimiter=delimiter, quoting=quoting)
        try:
            for row in reader:
                if len(row) > MOST_COLUMNS:
                    raise FileProblem("too_many_columns", columns=len(row), limit=MOST_COLUMNS)
                yield row
        except csv.Error as error:
            raise FileProblem("cell_too_long", line=reader.line_num, limit=LONGEST_CELL) from error
        except UnicodeDecodeError as error:
            raise FileProblem("encoding", line=reader.line_num + 1, encoding=encoding) from error
