"""Contribution: who or what brought how much, its share, and the classes A, B, C (PRODUCT §11).

Class A: the cumulative share before the row is below 80 %, B: below 95 %, C: the rest; by value descending, then name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.register import Register
from reports.asked import Asked

SHOWN = 200

BY = {
    "customer": _("Customer"),
    "product": _("Product"),
    "person": _("Person"),
    "team": _("Team"),
    "manager": _("Supervisor"),
    "region": _("Region (top team)"),
    "customer_region": _("Region of the customer"),
    "country": _("Country of the customer"),
}


@dataclass(frozen=True)
class Measure:
    """``groups(user, asked)``: one row per thing of ``asked.by`` with ``key``, ``label``, ``value``, ``facts``.

    ``value`` in the company's currency; ``facts``: how many documents; ``label`` may be empty (no region).
    ``list(asked, key)``: the address of the list behind a row, which has exactly ``facts`` rows; empty without one.
    """

    label: Any
    groups: Callable[[Any, Asked], QuerySet]
    list: Callable[[Asked, Any], str]


measures: Register[Measure] = Register("measure of the contribution")


@dataclass(frozen=True)
class ContributionRow:
    """``share`` and ``cumulative`` 0–1, the latter with the row itself."""

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
    rows: list[ContributionRow]
    classes: list[ClassSum]
    total: Decimal
    facts: int
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


# Shares of lines leave digits far behind the comma, which must not decide between equal rows: the name does.
_RANKED = """
WITH g AS (SELECT key, label, round(value, 6) AS value, facts FROM ({groups}) groups), r AS (
    SELECT key, label, value, facts, sum(value) OVER () AS total, sum(value) OVER (
        ORDER BY value DESC, label, key ROWS UNBOUNDED PRECEDING) AS cumulative
    FROM g
), c AS MATERIALIZED (
    SELECT *, CASE WHEN total <= 0 THEN 'C' WHEN cumulative - value < total * 0.80 THEN 'A'
                   WHEN cumulative - value < total * 0.95 THEN 'B' ELSE 'C' END AS class FROM r
)
SELECT true, class, count(*), sum(value), sum(facts), NULL, NULL, NULL, NULL, NULL, NULL FROM c GROUP BY class
UNION ALL (
    SELECT false, class, NULL, NULL, NULL, key, label, value, facts, total, cumulative FROM c
    ORDER BY value DESC, label, key LIMIT %s
)
"""


def contribution(user: Any, asked: Asked, *, limit: int | None = SHOWN) -> Contribution:
    """The rows within the viewer's reach, the largest first, at most ``limit``; classes and totals over all of them."""
    measure = measures[asked.measure]
    try:
        groups, params = measure.groups(user, asked).order_by().query.sql_with_params()
    except EmptyResultSet:  # nothing of the kind is within reach at all
        return Contribution([], [], Decimal(0), 0, 0)
    with connection.cursor() as cursor:
        # One statement: the rows are grouped and ranked once, for the classes and for the first of them.
        cursor.execute(_RANKED.format(groups=groups), [*params, limit])
        found = cursor.fetchall()
    classes = sorted(row[1:5] for row in found if row[0])
    return Contribution(
        [_row(measure, asked, *row[5:], row[1]) for row in found if not row[0]],
        [ClassSum(grade, number, value) for grade, number, value, _facts in classes],
        sum((value for _grade, _number, value, _facts in classes), Decimal(0)),
        sum(int(facts) for *_values, facts in classes),
        sum(number for _grade, number, *_values in classes),
    )


def _row(
    measure: Measure, asked: Asked, key: Any, label: str, value: Decimal, facts: int, total: Decimal,
    cumulative: Decimal, grade: str,
) -> ContributionRow:  # fmt: skip
    return ContributionRow(
        key, label or "", value, facts, float(value / total) if total else None,
        float(cumulative / total) if total else None, grade, measure.list(asked, key),
    )  # fmt: skip
