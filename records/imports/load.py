"""One import under way: the rows of the file in a stage table, and what the kind's statements need to know."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from accounts import access
from accounts.models import Company, Reach
from records.imports import converters
from records.imports.converters import EMPTY
from records.imports.importables import SQL_TYPES, Importable, ImportColumn
from records.imports.mapping import ColumnMap, Mapping
from records.imports.notes import Notes
from records.imports.reasons import BadValue
from records.imports.resolve import add_new_entries, resolver_of
from records.imports.table import Row, Table
from records.models import Batch

STAGE = "import_stage"
_CACHE = 20_000
_TELL_EVERY = 2_000


class Load:
    """``by``: the author, None for the system. ``tell(rows)`` hears of progress. ``batch`` is None on a dry run.

    States of a stage row: ``a`` is added, ``u`` updates ``target``, ``s`` is skipped, ``r`` is refused.
    """

    def __init__(
        self, importable: Importable, mapping: Mapping, *, by: Any, strict: bool = False, batch: Batch | None = None,
        owner: Any = None, tell: Callable[[int], None] = lambda rows: None, now: datetime | None = None,
    ) -> None:  # fmt: skip
        self.importable, self.mapping, self.by, self.strict, self.batch = importable, mapping, by, strict, batch
        self.table: Table
        self.name = ""
        self.owner, self.tell, self.now = owner, tell, now or timezone.now()
        self.notes = Notes()
        self.read = 0
        self.new_entries: list[tuple[ImportColumn, str]] = []
        company = Company.get()
        self.zone: ZoneInfo = company.zone
        self.currency: str = company.currency
        self.country: str = company.country
        # Room for what the kind's own functions look up once.
        self.memory: dict[str, Any] = {}

    @property
    def dry_run(self) -> bool:
        return self.batch is None

    @property
    def on_duplicate(self) -> str:
        return self.mapping.on_duplicate

    @property
    def is_everywhere(self) -> bool:
        """Whether the author's reach for importing this kind has no bounds."""
        return self.by is None or access.reach_of(self.by, self.importable.right, "import") == Reach.ALL

    def sql(self, statement: str, params: dict[str, Any] | None = None) -> list[tuple]:
        self.tell(self.read)
        told = {"now": self.now, "by": self.by and self.by.pk, "batch": self.batch and self.batch.pk, **(params or {})}
        with connection.cursor() as cursor:
            cursor.execute(statement, told)
            return cursor.fetchall() if cursor.description else []

    # --- from the file into the stage table ---

    def stage(self, table: Table) -> None:
        self.table = table
        self._tell_of_file(table)
        if self.importable.prepare:
            self.importable.prepare(self)
        columns = self._columns()
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self.sql(f"DROP TABLE IF EXISTS {STAGE}")
        self.sql(
            f"""CREATE TEMP TABLE {STAGE} (row int, state text, reason jsonb, target bigint, {body}) ON COMMIT DROP"""
        )
        self._copy(table, list(columns))
        add_new_entries(self)
        self.sql(f"ANALYZE {STAGE}")

    def _tell_of_file(self, table: Table) -> None:
        if table.formulas:
            self.notes.add("formulas", table.formulas)
        used = {column.index for column in self.mapping.used}
        for index, header in enumerate(table.headers):
            if header in table.repeated and index not in used:
                self.notes.add("repeated_header", value=header)

    def _columns(self) -> dict[str, str]:
        """All fields of the kind, mapped or not, so that statements may name any of them."""
        return {
            **{column.name: SQL_TYPES[column.type] for column in self.importable.columns},
            **self.importable.derived,
        }

    def _copy(self, table: Table, names: list[str]) -> None:
        columns = ", ".join(f'"{name}"' for name in ("row", "state", "reason", *names))
        readers = [Reader(column, self) for column in self.mapping.used]
        required = [column for column in self.importable.columns if column.required]
        copying = f"COPY {STAGE} ({columns}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copying) as copy, connection.execute_wrapper(_refuse_to_ask):
            for row in table:
                self.read += 1
                values = self._values(row, readers, required)
                bad = json.dumps([each.as_list() for each in row.problems]) if row.problems else None
                copy.write_row((row.number, "r" if bad else "a", bad, *[values.get(name) for name in names]))
                if self.read % _TELL_EVERY == 0:
                    self.tell(self.read)
        self.tell(self.read)

    def _values(self, row: Row, readers: "list[Reader]", required: Iterable[ImportColumn]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if row.extra:
            row.problems.append(BadValue("extra_cells"))
        for reader in readers:
            value = reader.read(row.cells[reader.index])
            if isinstance(value, BadValue):
                row.problems.append(value)
            elif value is not None:
                reader.put(values, value)
        for column in required:
            if column.name not in values and not row.problems:
                row.problems.append(BadValue("required", field=column.label))
        if self.importable.derive and not row.problems:
            try:
                self.importable.derive(values, self)
            except BadValue as bad:
                row.problems.append(bad)
        for column in self.importable.columns:
            if column.type == "dates" and column.name in values:
                values[column.name] = json.dumps(values[column.name])
        return values


def _refuse_to_ask(*_statement: Any) -> None:
    """A statement would wait for ever for the end of the COPY, which waits for it: ``prepare`` asks before."""
    raise RuntimeError("The database cannot be asked while rows are copied into it; let prepare() ask.")


class Reader:
    """One column of the file: its converter, and what its distinct texts were read as."""

    def __init__(self, map_: ColumnMap, load: Load) -> None:
        column = load.importable.column(map_.field)
        assert column is not None
        self.index, self.column, self.map = map_.index, column, map_
        self._empty = EMPTY | {word.strip().casefold() for word in map_.empty}
        self._convert = converter_of(column, map_, load)
        self._seen: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        """A value, None for an empty cell, or the BadValue itself: notes are counted per value, not per row."""
        if not text:
            return None
        if text in self._seen:
            return self._seen[text]
        value = self._read(text)
        if len(self._seen) >= _CACHE:
            self._seen.clear()
        self._seen[text] = value
        return value

    def _read(self, text: str) -> Any:
        if text.casefold() in self._empty:
            return None
        try:
            return self._convert(text)
        except BadValue as bad:
            return bad

    def put(self, values: dict[str, Any], value: Any) -> None:
        if self.column.type == "dates":
            values.setdefault(self.column.name, {})[self.map.stage] = value.isoformat()
        else:
            values[self.column.name] = value


def converter_of(column: ImportColumn, map_: ColumnMap, load: Load) -> Callable[[str], Any]:
    kind = column.type
    if kind == "key":
        return converters.key_of(column.max_length, column.label)
    if kind in {"text", "phone", "email", "values"}:
        return converters.text_of(column.max_length, column.label)
    if kind in {"person", "dictionary", "country", "match", "choice"}:
        return resolver_of(column, load)
    makers: dict[str, Callable[[], Callable[[str], Any]]] = {
        "date": lambda: converters.date_of(map_.date_order),
        "dates": lambda: converters.date_of(map_.date_order),
        "moment": lambda: converters.moment_of(map_.date_order, load.zone),
        "number": lambda: converters.number_of(map_.decimal, column.label),
        "amount": lambda: converters.number_of(map_.decimal, column.label, negative=False),
        "integer": lambda: converters.integer_of(map_.decimal, column.label),
        "boolean": lambda: converters.boolean,
        "currency": lambda: converters.currency,
    }
    return makers[kind]()


def column_currency(load: Load, field: str) -> str:
    """The currency of an amount whose row names none: the column's, else the company's."""
    chosen = next((each.currency for each in load.mapping.used if each.field == field and each.currency), "")
    if not chosen:
        load.memory.setdefault("no_currency", True)
    return chosen or load.currency
