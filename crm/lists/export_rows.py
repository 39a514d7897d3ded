"""The rows of an export: exactly what the filter says, in the list's order, a portion at a time."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from crm.lists.asked import Asked
from crm.lists.branches import stream, union_all
from crm.lists.keyset import Order
from crm.lists.spec import Column
from crm.lists.table import values_of

PORTION = 2_000


class ExportRows:
    """``heads``: the labels. Iterating yields lists of plain values: text, numbers, days, moments without zone.

    Everything that depends on the language and the zone is settled when this is made, since the rows may be read
    after the request's own language has been put away.
    """

    def __init__(self, asked: Asked, columns: list[Column]) -> None:
        self.asked, self.columns = asked, columns
        self.heads = [str(column.label) for column in columns]
        self._plains: list[Callable[[Any], Any]] = [column.cell.plain(column.path, asked.formats) for column in columns]
        self._statements = _statements(asked)

    def __iter__(self) -> Iterator[list[Any]]:
        for sql, params in self._statements:
            for portion in stream(sql, params, PORTION):
                for row in values_of(self.asked, self.columns, [pk for pk, *_rest in portion]):
                    yield [plain(row) for plain in self._plains]


def _statements(asked: Asked) -> list[tuple[str, list[Any]]]:
    """One statement, or two where rows without a value in the sorted column come after the others."""
    if not asked.branches:
        return []
    order: Order = asked.order
    segments: list[bool | None] = [False, True] if order.column.null else [None]
    return [_statement(asked, order, is_null) for is_null in segments]


def _statement(asked: Asked, order: Order, is_null: bool | None) -> tuple[str, list[Any]]:
    def narrow(rows: models.QuerySet) -> models.QuerySet:
        if is_null is not None:
            rows = rows.filter(**{f"{order.field}__isnull": is_null})
        return order.apply(rows).values_list("pk", order.field)

    sql, params = union_all([branch.narrowed(narrow) for branch in asked.branches])
    return f"SELECT * FROM ({sql}) rows ORDER BY 2 {order.direction}, 1 {order.direction}", params
