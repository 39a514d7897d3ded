"""The first rows as they will be read: the same converters as the import, nothing written."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import formats

from accounts.models import User
from records.imports.importables import Importable
from records.imports.load import Load, Reader
from records.imports.mapping import Mapping
from records.imports.reasons import BadValue, words
from records.imports.table import Table
from records.models import DictionaryEntry

ROWS = 8


@dataclass(frozen=True)
class Cell:
    text: str
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    labels: list[Any]
    rows: list[list[Cell]]


def preview(table: Table, importable: Importable, mapping: Mapping, *, by: Any) -> Preview:
    load = Load(importable, mapping, by=by)
    readers = [Reader(column, load) for column in mapping.used if importable.column(column.field)]
    rows = [[_cell(reader, row.cells[reader.index]) for reader in readers] for row in table.head(ROWS)]
    return Preview([reader.column.label for reader in readers], rows)


def _cell(reader: Reader, text: str) -> Cell:
    value = reader.read(text)
    if isinstance(value, BadValue):
        return Cell(text, words(value.as_list()))
    return Cell(_shown(reader, value, text))


def _shown(reader: Reader, value: Any, text: str) -> str:
    if value is None:
        return ""
    if reader.column.type == "person":
        return str(User.objects.get(pk=value))
    if reader.column.type == "dictionary":
        return DictionaryEntry.objects.get(pk=value).label if value > 0 else text
    if reader.column.type == "match":
        return text
    if isinstance(value, datetime.datetime | datetime.date):
        return formats.date_format(
            value, "SHORT_DATETIME_FORMAT" if isinstance(value, datetime.datetime) else "DATE_FORMAT"
        )
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    return str(value)[:120]
