"""Keyset paging: the page after or before a row, found by index, so that page 2,000 costs what page 1 costs.

Rows without a value in the sorted column stand last in both directions. They are a segment of their own: an index
answers "is null" and "is not null" each in order, but not both orders of nulls.
"""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.expressions import Func, Value

from crm.lists.branches import Branch, fetch, union_all
from records.log import plain

BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """``field`` of ``model`` in one direction, ties by id in the same one."""

    model: Any
    field: str
    descending: bool

    @property
    def column(self) -> models.Field:
        return self.model._meta.get_field(self.field)

    @property
    def value_field(self) -> models.Field:
        """What the column's values are; a generated column is of the kind that it yields."""
        return getattr(self.column, "output_field", self.column)

    @property
    def turned(self) -> "Order":
        return replace(self, descending=not self.descending)

    @property
    def direction(self) -> str:
        return "DESC" if self.descending else "ASC"

    def apply(self, rows: models.QuerySet) -> models.QuerySet:
        sign = "-" if self.descending else ""
        return rows.order_by(f"{sign}{self.field}", f"{sign}pk")


@dataclass(frozen=True)
class Cursor:
    """The row beside which a page stands. ``newer``: the page before it, else the page after."""

    value: Any
    pk: int
    newer: bool = False

    def encode(self, sort: str) -> str:
        body = [sort, plain(self.value), self.pk, int(self.newer)]
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: str, order: Order) -> "Cursor | None":
        """None for a cursor of another sort, a broken or an invented one: the reader gets the first page."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            of, value, pk, newer = json.loads(raw)
            value = None if value is None else _value(order.value_field, value)
            if of != sort or type(pk) is not int or not 0 <= pk <= BIGGEST:
                return None
        except (ValueError, TypeError, binascii.Error, ValidationError, OverflowError):
            return None
        return cls(value, pk, bool(newer))


def _value(column: models.Field, value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("no text of a database")
    if isinstance(value, int) and abs(value) > BIGGEST:
        raise ValueError("no number of a database")
    found = column.to_python(value)
    if found is None or str(found) in ("NaN", "Infinity", "-Infinity", "sNaN"):
        raise ValueError("no value of a column")
    return found


@dataclass(frozen=True)
class Keys:
    """The page's (id, sorted value), in order, and whether there are more on either side."""

    rows: list[tuple[int, Any]]
    has_newer: bool
    has_older: bool


def keys_of_page(branches: list[Branch], order: Order, cursor: Cursor | None, size: int) -> Keys:
    if cursor is None:
        rows = _take(branches, order, None, size + 1)
        return Keys(rows[:size], False, len(rows) > size)
    if cursor.newer:
        rows = _take(branches, order.turned, cursor, size + 1, nulls_first=True)
        if len(rows) < size:  # the top was reached: a whole first page reads better than its remains
            return keys_of_page(branches, order, None, size)
        return Keys(rows[:size][::-1], len(rows) > size, True)
    rows = _take(branches, order, cursor, size + 1)
    return Keys(rows[:size], True, len(rows) > size)


def _take(
    branches: list[Branch], order: Order, cursor: Cursor | None, limit: int, *, nulls_first: bool = False
) -> list[tuple[int, Any]]:
    rows: list[tuple[int, Any]] = []
    for is_null, after in _segments(order, cursor, nulls_first):
        if len(rows) < limit:
            rows += _segment(branches, order, is_null, after, limit - len(rows))
    return rows


def _segments(order: Order, cursor: Cursor | None, nulls_first: bool) -> list[tuple[bool | None, Cursor | None]]:
    """From where the page starts: (is null, or None for a column that never is; the cursor if it lies in here)."""
    if not order.column.null:
        return [(None, cursor)]
    segments = [True, False] if nulls_first else [False, True]
    if cursor is None:
        return [(is_null, None) for is_null in segments]
    at = segments.index(cursor.value is None)
    return [(segments[at], cursor), *[(is_null, None) for is_null in segments[at + 1 :]]]


def _segment(
    branches: list[Branch], order: Order, is_null: bool | None, after: Cursor | None, limit: int
) -> list[tuple[int, Any]]:
    def narrow(rows: models.QuerySet) -> models.QuerySet:
        return _cut(rows, order, is_null, after).values_list("pk", order.field)[:limit]

    narrowed = [branch.narrowed(narrow) for branch in branches]
    if not narrowed:
        return []
    sql, params = union_all(narrowed)
    if len(narrowed) > 1 or narrowed[0].each or narrowed[0].is_listed:
        way = order.direction
        sql = f"SELECT * FROM ({sql}) page ORDER BY 2 {way}, 1 {way} LIMIT {int(limit)}"
    return [(pk, value) for pk, value in fetch(sql, params)]


def _cut(rows: models.QuerySet, order: Order, is_null: bool | None, after: Cursor | None) -> models.QuerySet:
    rows = order.apply(rows)
    if is_null is not None:
        rows = rows.filter(**{f"{order.field}__isnull": is_null})
    if after is None:
        return rows
    if is_null:
        return rows.filter(**{"pk__lt" if order.descending else "pk__gt": after.pk})
    return rows.filter(_beyond(order, after))


class Beyond(Func):
    """``(field, id) < (value, id)``: an index on both columns answers it; ``a < x OR (a = x AND …)`` it does not."""

    output_field = models.BooleanField()

    def __init__(self, field: Any, pk: Any, value: Any, number: Any, *, sign: str = "<", **extra: Any) -> None:
        super().__init__(field, pk, value, number, sign=sign, **extra)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params += values
        return f"({parts[0]}, {parts[1]}) {self.extra['sign']} ({parts[2]}, {parts[3]})", params


def _beyond(order: Order, cursor: Cursor) -> Beyond:
    return Beyond(
        F(order.field),
        F("pk"),
        Value(cursor.value, output_field=order.value_field),
        Value(cursor.pk, output_field=models.BigIntegerField()),
        sign="<" if order.descending else ">",
    )
