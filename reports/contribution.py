"""Contribution: who or what brought how much, its share, and the classes A, B, C (PRODUCT §11).

Class A: the cumulative share before the row is below 80 %, B: below 95 %, C: the rest; by value descending, then name.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts import access
from crm.register import Register
from reports.asked import Asked
from reports.dimensions import DIMENSIONS

PAGE = 50
ALL = 10**9


@dataclass(frozen=True)
class Measure:
    """``pieces(user, asked)``: what the sums are made of, each with ``key``, ``value``, ``facts`` of ``asked.by``.

    ``value`` in the company's currency; ``facts``: how many documents, so that over all pieces each counts once.
    ``list(asked, key)``: the address of the list behind a row, which has exactly ``facts`` rows; empty without one.
    ``rights``: (action, kind) that a person needs to be offered the measure.
    """

    label: Any
    pieces: Callable[[Any, Asked], Iterable[QuerySet]]
    list: Callable[[Asked, Any], str]
    rights: tuple[tuple[str, str], ...]

    def is_for(self, user: Any) -> bool:
        return all(access.allows(user, action, kind) for action, kind in self.rights)


measures: Register[Measure] = Register("measure of the contribution")


@dataclass(frozen=True)
class ContributionRow:
    """``place`` from 1; ``share`` and ``cumulative`` 0–1, the latter with the row itself."""

    place: int
    key: Any
    label: str
    value: Decimal
    facts: int
    share: float | None
    cumulative: float | None
    grade: str
    list: str

    @property
    def tone(self) -> str:
        return {"A": "accent", "B": "info"}.get(self.grade, "neutral")


@dataclass(frozen=True)
class ClassSum:
    """How many rows a class has, and what they bring."""

    grade: str
    rows: int
    value: Decimal


@dataclass(frozen=True)
class Contribution:
    """``rows``: those of the page; the sums are over all ``count`` rows."""

    rows: list[ContributionRow]
    classes: list[ClassSum]
    total: Decimal
    facts: int
    count: int
    page: int = 1
    size: int = PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))


# Shares of lines leave digits far behind the comma, which must not decide between equal rows: the name does. Rows of
# one value stand in each other's places without moving a sum, so names are read only for the values of the page.
_RANKED = """
WITH g AS MATERIALIZED (
    SELECT key, round(sum(value), 6) AS value, sum(facts)::bigint AS facts FROM ({pieces}) pieces GROUP BY key
), ranked AS (
    SELECT value, facts, row_number() OVER w AS place, sum(value) OVER () AS total,
           sum(value) OVER (w ROWS UNBOUNDED PRECEDING) AS cumulative
    FROM g WINDOW w AS (ORDER BY value DESC)
), classed AS MATERIALIZED (
    SELECT *, CASE WHEN total <= 0 THEN 'C' WHEN cumulative - value < total * 0.80 THEN 'A'
                   WHEN cumulative - value < total * 0.95 THEN 'B' ELSE 'C' END AS class FROM ranked
), classes AS (
    SELECT json_agg(json_build_array(class, n, v::text, f) ORDER BY class) AS found FROM (
        SELECT class, count(*) AS n, sum(value) AS v, sum(facts) AS f FROM classed GROUP BY 1) c
), ends AS MATERIALIZED (
    SELECT max(value) AS most, min(value) AS least FROM classed WHERE place > %s AND place <= %s
), named AS MATERIALIZED (
    SELECT key, value, facts, {name} AS name FROM g
    WHERE value BETWEEN (SELECT least FROM ends) AND (SELECT most FROM ends)
), placed AS (
    SELECT named.*, row_number() OVER (ORDER BY value DESC, name, key)
        + (SELECT min(place) - 1 FROM classed, ends WHERE value = most) AS place FROM named
)
SELECT classes.found, p.place, p.key, p.name, p.value, p.facts, p.total, p.cumulative, p.class
FROM classes LEFT JOIN (
    SELECT place, placed.key, placed.name, placed.value, placed.facts, total, cumulative, class
    FROM placed JOIN classed USING (place) WHERE place > %s AND place <= %s
) p ON true ORDER BY p.place
"""


def contribution(user: Any, asked: Asked, *, size: int | None = PAGE) -> Contribution:
    """The rows within the viewer's reach, the largest first: page ``asked.page`` of ``size`` rows, or all (None)."""
    measure, size = measures[asked.measure], size or ALL
    pieces, params = _united(measure.pieces(user, asked))
    if not pieces:  # nothing of the kind is within reach at all
        return Contribution([], [], Decimal(0), 0, 0)
    statement = _RANKED.format(pieces=pieces, name=DIMENSIONS[asked.by].name_of())
    first = (asked.page - 1) * size
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *(first, first + size) * 2])
        found = cursor.fetchall()
    classes = [(grade, n, Decimal(v), int(f)) for grade, n, v, f in _parsed(found[0][0])]
    return Contribution(
        [_row(measure, asked, *values) for _classes, *values in found if values[0]],
        [ClassSum(grade, number, value) for grade, number, value, _facts in classes],
        sum((value for _grade, _number, value, _facts in classes), Decimal(0)),
        sum(facts for *_values, facts in classes),
        sum(number for _grade, number, *_values in classes),
        asked.page,
        size,
    )


def _parsed(classes: Any) -> list[Any]:
    return (json.loads(classes) if isinstance(classes, str) else classes) or []


def _united(pieces: Iterable[QuerySet]) -> tuple[str, list[Any]]:
    statements, params = [], []
    for piece in pieces:
        try:
            sql, values = piece.order_by().query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(sql)
        params += values
    return " UNION ALL ".join(statements), params


def _row(
    measure: Measure, asked: Asked, place: int, key: Any, label: str, value: Decimal, facts: int, total: Decimal,
    cumulative: Decimal, grade: str,
) -> ContributionRow:  # fmt: skip
    return ContributionRow(
        place, key, label or "", value, facts, float(value / total) if total else None,
        float(cumulative / total) if total else None, grade, measure.list(asked, key),
    )  # fmt: skip
