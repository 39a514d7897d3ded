"""The rows of a list as branches of UNION ALL: one index walk per reach unit, each with its own LIMIT.

An OR over reach units makes the planner guess, between 0.1 ms and 4 s (SCALE: Reach). Walks that differ only in one
number (the teams of a supervisor) become one LATERAL branch, so that twenty teams are planned once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, models
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from accounts import access
from crm.together import together

Narrow = Callable[[models.QuerySet], models.QuerySet]


@dataclass(frozen=True)
class Branch:
    """``rows`` refer to ``unit.v`` when ``each`` lists the numbers that it takes in turn.

    ``is_listed``: rows named by their ids (shared records). Their branch has no order and no limit of its own: with
    both the planner may walk the whole table in order to find the few. ``first``: a column that is null in all of them
    and leads their index; the planner sees the index in order only where the rows are ordered by that column as well.
    """

    rows: models.QuerySet
    each: tuple[int, ...] = ()
    is_listed: bool = False
    first: str = ""

    def narrowed(self, narrow: Narrow) -> "Branch":
        return replace(self, rows=narrow(self.rows))

    def sql(self) -> tuple[str, list[Any]]:
        # A search that hits nothing must be SQL all the same: other branches, or counts, stand around it.
        inner, params = self._query().get_compiler(connection.alias, elide_empty=False).as_sql()
        if not self.each:
            return f"({inner})", list(params)
        lateral = f"(SELECT k.* FROM unnest(%s::bigint[]) AS unit(v) CROSS JOIN LATERAL ({inner}) k)"
        return lateral, [list(self.each), *params]

    def _query(self) -> Any:
        if not self.is_listed and not self.first:
            return self.rows.query
        query = self.rows.query.clone()
        if self.is_listed:
            query.clear_limits()
            query.clear_ordering(force=True)
        elif query.order_by:
            query.order_by = (self.first, *query.order_by)
        return query


def branches_of(user: Any, model: Any, action: str = "view") -> list[Branch]:
    """Disjoint branches that together are ``model.objects.allowing(user, action)``."""
    return branches_of_each(user, [model], action)[model]


def branches_of_each(user: Any, kinds: Iterable[Any], action: str = "view") -> dict[Any, list[Branch]]:
    """The same of several models, with one statement for all records that are shared with the person."""
    walks = {model: [walk.where for walk in access.walks(user, model, action)] for model in kinds}
    numbers = _numbers_of(value for wheres in walks.values() for where in wheres for value in where.values())
    return {model: _branches(model, wheres, numbers) for model, wheres in walks.items()}


def _branches(model: Any, wheres: list[dict[str, Any]], numbers: dict[int, list[Any]]) -> list[Branch]:
    found: list[_Unit] = []
    for unresolved in wheres:
        where = _resolved(unresolved, numbers)
        if where is None or (found and found[-1].takes(where)):
            continue
        found.append(_Unit(where))
    return [unit.branch(model.objects.live(), found[:place]) for place, unit in enumerate(found)]


def union_all(branches: list[Branch]) -> tuple[str, list[Any]]:
    parts = [branch.sql() for branch in branches]
    return " UNION ALL ".join(sql for sql, _params in parts), [value for _sql, params in parts for value in params]


def fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _numbers_of(values: Iterable[Any]) -> dict[int, list[Any]]:
    """Subqueries, by their identity, as the numbers they yield: with a known list the planner starts there."""
    asked = {str(id(rows)): rows for rows in values if isinstance(rows, models.QuerySet)}
    found = together({name: rows.values(*_only_column(rows)) for name, rows in asked.items()})
    return {int(name): [number for row in rows for number in row.values()] for name, rows in found.items()}


def _resolved(where: dict[str, Any], numbers: dict[int, list[Any]]) -> dict[str, Any] | None:
    """None where a subquery yields nothing."""
    plain = {key: numbers[id(value)] if isinstance(value, models.QuerySet) else value for key, value in where.items()}
    return None if any(value == [] for value in plain.values()) else plain


def _only_column(rows: models.QuerySet) -> list[str]:
    return [*rows.query.values_select] or ["pk"]


class _Unit:
    """A walk, or several that differ only in one number."""

    def __init__(self, where: dict[str, Any]) -> None:
        self.where = where
        self.keys: tuple[str, ...] = ()
        self.numbers: list[int] = []

    def takes(self, where: dict[str, Any]) -> bool:
        """Joins a further walk if it is this one with another number."""
        if where.keys() != self.where.keys():
            return False
        keys = tuple(key for key in where if where[key] != self.where[key])
        numbers = {where[key] for key in keys if type(where[key]) is int and type(self.where[key]) is int}
        if not keys or len(numbers) != 1 or self.keys not in ((), keys):
            return False
        if not self.keys:
            self.keys, self.numbers = keys, [self.where[keys[0]]]
        self.numbers.extend(numbers)
        return True

    def branch(self, rows: models.QuerySet, earlier: list["_Unit"]) -> Branch:
        number = RawSQL("unit.v", (), output_field=BigIntegerField())
        rows = rows.filter(**{key: number if key in self.keys else value for key, value in self.where.items()})
        for unit in earlier:
            if not self._is_apart_from(unit):
                rows = rows.exclude(**unit.conditions())
        is_listed = any(isinstance(value, list) for value in self.where.values())
        first = "team_id" if self.where.get("team__isnull") is True else ""
        return Branch(rows, tuple(self.numbers), is_listed, first)

    def conditions(self) -> dict[str, Any]:
        return {(f"{key}__in" if key in self.keys else key): self._value(key) for key in self.where}

    def _value(self, key: str) -> Any:
        return self.numbers if key in self.keys else self.where[key]

    def _is_apart_from(self, other: "_Unit") -> bool:
        return any(
            isinstance(value, bool) and isinstance(other.where.get(key), bool) and other.where[key] != value
            for key, value in self.where.items()
        )


def stream(sql: str, params: list[Any], portion: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in portions from a cursor on the server: memory stays flat however many there are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(portion):
            yield rows
