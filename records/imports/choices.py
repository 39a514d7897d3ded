"""The mapping page: what there is to choose, and what was chosen."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import access
from records.imports.delimited import DELIMITERS
from records.imports.encodings import OFFERED
from records.imports.importables import Importable, ImportColumn
from records.imports.mapping import ON_DUPLICATE, ColumnMap, Mapping
from records.imports.table import Table

DATE_ORDERS = {
    "dmy": _("day, month, year"),
    "mdy": _("month, day, year"),
    "ymd": _("year, month, day"),
}
DECIMALS = {"point": _("1,234.56"), "comma": _("1.234,56")}
DUPLICATES = {
    "skip": _("Leave them as they are"),
    "update": _("Update them; empty cells change nothing"),
    "add": _("Add them again"),
}
_DATES, _NUMBERS = {"date", "moment", "dates"}, {"number", "amount", "integer"}


@dataclass
class Choice:
    """One column of the file on the page."""

    map: ColumnMap
    samples: list[str]
    type: str
    fields: list[tuple[str, Any]]
    date_orders: dict[str, Any] = field(default_factory=lambda: DATE_ORDERS)
    decimals: dict[str, Any] = field(default_factory=lambda: DECIMALS)

    @property
    def is_date(self) -> bool:
        return self.type in _DATES

    @property
    def is_stage_date(self) -> bool:
        return self.type == "dates"

    @property
    def is_number(self) -> bool:
        return self.type in _NUMBERS

    @property
    def is_amount(self) -> bool:
        return self.type == "amount"

    @property
    def empty(self) -> str:
        return ", ".join(self.map.empty)


def column_choices(table: Table, importable: Importable, mapping: Mapping) -> list[Choice]:
    head = table.head(50)
    fields = [(column.name, _label(column)) for column in importable.columns]
    return [Choice(each, _samples(head, each.index), _type(importable, each.field), fields) for each in mapping.columns]


def _label(column: ImportColumn) -> str:
    number = column.name.rpartition("_")[2]
    return f"{column.label} {number}" if number.isdigit() else str(column.label)


def _type(importable: Importable, name: str) -> str:
    column = importable.column(name)
    return column.type if column else ""


def _samples(head: list[Any], index: int) -> list[str]:
    found = dict.fromkeys(row.cells[index] for row in head if row.cells[index])
    return [text[:60] for text in list(found)[:3]]


def page_options(table: Table, importable: Importable, mapping: Mapping, user: Any) -> dict[str, Any]:
    owners = access.people_in_reach(user, importable.right, "import") if importable.has_owner else []
    return {
        "columns": column_choices(table, importable, mapping),
        "encodings": OFFERED,
        "delimiters": DELIMITERS,
        "duplicates": DUPLICATES,
        "owners": owners,
        "values": importable.value_choices(table, mapping) if importable.value_choices else [],
        "missing": mapping.missing(importable),
    }


def mapping_from_post(post: QueryDict, table: Table, importable: Importable, kept: Mapping) -> Mapping:
    """What the page says; what it does not show stays as it was. Unknown names are left out.

    Words of the file are numbered in their alphabet's order: the database keeps no other.
    """
    columns = [_column_from_post(post, each, importable) for each in kept.columns]
    on_duplicate = post.get("on_duplicate", kept.on_duplicate)
    owner = post.get("owner", "")
    values = {
        name: {
            raw: post.get(f"value-{name}-{place}", meaning) for place, (raw, meaning) in enumerate(sorted(told.items()))
        }
        for name, told in kept.values.items()
    }
    return Mapping(
        importable.kind, columns, table.reading, on_duplicate if on_duplicate in ON_DUPLICATE else "skip",
        int(owner) if owner.isdigit() else None, values, kept.options,
    )  # fmt: skip


def _column_from_post(post: QueryDict, kept: ColumnMap, importable: Importable) -> ColumnMap:
    name = f"column-{kept.index}"
    chosen = post.get(name, kept.field)
    order, decimal = post.get(f"{name}-date", kept.date_order), post.get(f"{name}-decimal", kept.decimal)
    empty = post.get(f"{name}-empty")
    return ColumnMap(
        kept.index, kept.header, chosen if importable.column(chosen) else "",
        order if order in DATE_ORDERS else "", decimal if decimal in DECIMALS else "",
        post.get(f"{name}-currency", kept.currency).strip().upper()[:3],
        kept.empty if empty is None else tuple(word.strip() for word in empty.split(",") if word.strip()),
        post.get(f"{name}-stage", kept.stage),
    )  # fmt: skip


def reading_from_post(post: QueryDict) -> dict[str, Any]:
    """How the file itself is read, as far as the page says it."""
    chosen = {name: post.get(name, "") for name in ("encoding", "delimiter", "sheet", "header_row")}
    read: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    if read.get("encoding") not in {None, *OFFERED, "utf-8", "utf-16-le", "utf-16-be", "utf-32"}:
        del read["encoding"]
    if read.get("delimiter") not in {None, *DELIMITERS}:
        del read["delimiter"]
    if "header_row" in read:
        read["header_row"] = int(read["header_row"]) if str(read["header_row"]).isdigit() else 1
    return read
