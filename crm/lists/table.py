"""One page of a list as the template prints it: heads and rows of finished strings."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crm.lists.asked import Asked
from crm.lists.cells import NOTHING
from crm.lists.keyset import Cursor, Keys, keys_of_page
from crm.lists.spec import Column


@dataclass(frozen=True)
class Head:
    """``url`` sorts by this column; ``sorted`` is "", "ascending" or "descending"."""

    label: Any
    css: str
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class TableRow:
    pk: int
    name: str
    cells: SafeString


@dataclass(frozen=True)
class Table:
    heads: list[Head]
    rows: list[TableRow]
    keys: Keys
    newer: str
    older: str

    def body(self) -> SafeString:
        """The rows, joined here: a template that walks over them doubles the cost of the page."""
        return mark_safe("\n".join(f"<tr data-list-row>{row.cells}</tr>" for row in self.rows))


def table_of(asked: Asked) -> Table:
    keys = keys_of_page(asked.branches, asked.order, asked.cursor, asked.spec.page_size)
    rows = _rows(asked, [pk for pk, _value in keys.rows])
    return Table([_head(asked, column) for column in asked.columns], rows, keys, *_places(asked, keys))


def values_of(asked: Asked, columns: list[Column], ids: list[int]) -> list[dict[str, Any]]:
    """The rows of these ids in this order, with what the columns need. They were found within reach a moment ago."""
    sources = {source for column in columns for source in column.sources}
    found = asked.spec.model._base_manager.filter(pk__in=ids).values("pk", *sorted(sources - {"pk"}))
    by_pk = {row["pk"]: row for row in found}
    return [by_pk[pk] for pk in ids if pk in by_pk]


def _rows(asked: Asked, ids: list[int]) -> list[TableRow]:
    if not ids:
        return []
    columns = asked.columns
    shows = [column.cell.show(column.path, asked.formats) for column in columns]
    opens = [_opening(column) for column in columns]
    main = next((column for column in columns if column.cell.is_main), columns[0]).path
    picks = asked.spec.is_picked_by(asked.user)
    table = []
    for row in values_of(asked, columns, ids):
        cells = "".join(f"{td}{show(row) or NOTHING}</td>" for td, show in zip(opens, shows, strict=True))
        name = str(row.get(main) or row["pk"])
        cells = _pick(row["pk"], name) + cells if picks else cells
        table.append(TableRow(row["pk"], name, mark_safe(cells)))
    return table


def _pick(pk: int, name: str) -> str:
    box = f'<input class="form-check-input" type="checkbox" name="ids" value="{pk}" aria-label="{escape(name)}">'
    return f'<td class="list-pick">{box}</td>'


def _opening(column: Column) -> str:
    """The label is shown on a phone, where each row is a card."""
    css = f"{column.cell.css} list-main".strip() if column.cell.is_main else column.cell.css
    return f'<td class="{css}" data-label="{escape(column.label)}">'


def _head(asked: Asked, column: Column) -> Head:
    if not column.sort:
        return Head(column.label, column.cell.css)
    sort = asked.spec.sort(column.sort)
    if asked.sort is not sort:
        return Head(column.label, column.cell.css, asked.url(asked.query(sort=sort.name)))
    turned = sort.name if asked.is_turned else f"-{sort.name}"
    direction = "descending" if asked.order.descending else "ascending"
    return Head(column.label, column.cell.css, asked.url(asked.query(sort=turned)), direction)


def _places(asked: Asked, keys: Keys) -> tuple[str, str]:
    newer = older = ""
    if keys.has_newer and keys.rows:
        pk, value = keys.rows[0]
        newer = asked.url(asked.query(place=Cursor(value, pk, newer=True).encode(asked.sort_name)))
    if keys.has_older and keys.rows:
        pk, value = keys.rows[-1]
        older = asked.url(asked.query(place=Cursor(value, pk).encode(asked.sort_name)))
    return newer, older
