"""Which column of a file is meant for which field, and how its text is read: proposed, chosen, remembered, as JSON.

{"kind", "read": {"encoding", "delimiter", "sheet", "header_row"}, "on_duplicate", "owner",
 "columns": [{"header", "field", "date_order", "decimal", "currency", "empty", "stage"}], "values": {…},
 "options": {…}}
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Self

from records.imports.guess import guess_currency, guess_date_order, guess_decimal
from records.imports.header import fold_header
from records.imports.importables import Importable
from records.imports.problems import FileProblem
from records.imports.table import Table

ON_DUPLICATE = ("skip", "update", "add")
LOOK_AT = 1_000


@dataclass
class ColumnMap:
    """``index``: place in the file; ``field``: empty for what is left out; ``empty``: words that mean nothing."""

    index: int
    header: str
    field: str = ""
    date_order: str = ""
    decimal: str = ""
    currency: str = ""
    empty: tuple[str, ...] = ()
    # For dates that tell when a stage was entered: the stage's name in the file.
    stage: str = ""

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("field", "date_order", "decimal", "currency", "stage")}
        return {
            "header": self.header,
            **{k: v for k, v in told.items() if v},
            **({"empty": list(self.empty)} if self.empty else {}),
        }


@dataclass
class Mapping:
    kind: str
    columns: list[ColumnMap]
    read: dict[str, Any] = field(default_factory=dict)
    on_duplicate: str = "skip"
    # The owner of rows that name none: a user's id.
    owner: int | None = None
    # field → raw text → what it means (stages, statuses)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def used(self) -> list[ColumnMap]:
        return [column for column in self.columns if column.field]

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.used}

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "read": self.read, "on_duplicate": self.on_duplicate, "owner": self.owner,
            "columns": [column.as_json() for column in self.columns], "values": self.values, "options": self.options,
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: dict[str, Any], table: Table) -> Self:
        """Columns are found by their header, in order; a header that the file lacks is refused."""
        places: dict[str, list[int]] = {}
        for index, header in enumerate(table.headers):
            places.setdefault(fold_header(header), []).append(index)
        columns = {index: ColumnMap(index, header) for index, header in enumerate(table.headers)}
        for each in told.get("columns", []):
            if not each.get("field"):
                del places.get(fold_header(each.get("header", "")), [])[:1]
                continue
            found = places.get(fold_header(each["header"]))
            if not found:
                raise FileProblem("headers_changed", header=each["header"])
            index = found.pop(0)
            columns[index] = ColumnMap(
                index, table.headers[index], each["field"], each.get("date_order", ""), each.get("decimal", ""),
                each.get("currency", ""), tuple(each.get("empty", ())), each.get("stage", ""),
            )  # fmt: skip
        on_duplicate = told.get("on_duplicate", "skip")
        return cls(
            told.get("kind", ""), list(columns.values()), table.reading,
            on_duplicate if on_duplicate in ON_DUPLICATE else "skip", told.get("owner"), told.get("values", {}),
            told.get("options", {}),
        )  # fmt: skip

    def check(self, importable: Importable) -> None:
        """Raises FileProblem when something needed has no column, or two columns claim one field."""
        if not self.used:
            raise FileProblem("no_columns")
        names = [column.field for column in self.used]
        known = [importable.column(name) for name in names]
        twice = {str(c.label) for c in known if c and not c.many and names.count(c.name) > 1}
        if twice:
            raise FileProblem("twice", fields=", ".join(sorted(twice)))
        missing = self.missing(importable)
        if missing:
            raise FileProblem("required", fields=", ".join(missing))

    def missing(self, importable: Importable) -> list[str]:
        needed = [c for c in importable.columns if c.required or c.name in importable.needs]
        lacks = [str(c.label) for c in needed if c.name not in self.fields]
        if not lacks and importable.needs_one_of and not self.fields & set(importable.needs_one_of):
            lacks = [" / ".join(str(importable.column(name).label) for name in importable.needs_one_of)]  # type: ignore[union-attr]
        return lacks


def propose(importable: Importable, table: Table, *, language: str = "en") -> Mapping:
    """From the header names, and from what the first thousand rows hold. A name that stands twice is left open."""
    names = importable.names
    doubtful = {fold_header(name) for name in table.repeated}
    taken: set[str] = set()
    columns = []
    for index, header in enumerate(table.headers):
        folded = fold_header(header)
        name = "" if folded in doubtful else names.get(folded, "")
        if name == "external_id" and folded == "id" and _counts_only(table, index):
            name = ""
        known = importable.column(name) if name else None
        if known is not None and (known.name not in taken or known.many):
            taken.add(known.name)
            columns.append(ColumnMap(index, header, known.name))
        else:
            columns.append(ColumnMap(index, header))
    mapping = Mapping(importable.kind, columns, table.reading)
    if importable.complete:
        importable.complete(mapping, table)
    guess_options(mapping, importable, table, language=language)
    return mapping


def _counts_only(table: Table, index: int) -> bool:
    """1, 2, 3 … number the rows of this file and name nothing: another file has the same."""
    values = [row.cells[index] for row in table.head(50)]
    return all(value.isdigit() and len(value) < 7 for value in values if value)


def guess_options(mapping: Mapping, importable: Importable, table: Table, *, language: str) -> None:
    """How dates and numbers are written: what a column does not prove its neighbours tell, then the language."""
    samples: dict[int, list[str]] = {column.index: [] for column in mapping.used}
    for row in table.head(LOOK_AT):
        for index, found in samples.items():
            if row.cells[index]:
                found.append(row.cells[index])
    typed = [(column, importable.column(column.field)) for column in mapping.used]
    dates = [c for c, known in typed if known and known.type in {"date", "moment", "dates"}]
    numbers = [c for c, known in typed if known and known.type in {"number", "amount", "integer"}]
    _fill(dates, "date_order", {c.index: guess_date_order(samples[c.index]) for c in dates}, _date_habit(language))
    _fill(numbers, "decimal", {c.index: guess_decimal(samples[c.index]) for c in numbers}, _decimal_habit(language))
    for column, known in typed:
        if known and known.type == "amount" and not column.currency:
            column.currency = guess_currency(samples[column.index])


def _fill(columns: list[ColumnMap], option: str, proved: dict[int, str], habit: str) -> None:
    told = [value for value in proved.values() if value]
    fallback = max(set(told), key=told.count) if told else habit
    for column in columns:
        if not getattr(column, option):
            setattr(column, option, proved[column.index] or fallback)


def _date_habit(language: str) -> str:
    return "ymd" if language.startswith("zh") else "dmy"


def _decimal_habit(language: str) -> str:
    return "comma" if language.startswith("ru") else "point"


def header_key(kind: str, headers: tuple[str, ...]) -> str:
    """The same for the same set of headers of a kind, whatever their order."""
    folded = json.dumps([kind, sorted(fold_header(header) for header in headers)], ensure_ascii=False)
    return hashlib.sha256(folded.encode()).hexdigest()
