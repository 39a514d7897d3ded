"""The board: the open opportunities of one pipeline within a person's reach, a column per stage.

Two statements over the reach units (SCALE: Reach): one sums each column, one takes the first cards of all columns by
their indexes. A column of more than a thousand is not summed with the page: it says "1,000+", and the exact figures
are asked for on their own. Further cards come by key, so that the thousandth costs what the first costs.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.lists.branches import Branch, branches_of, fetch, union_all
from crm.lists.count import CAP
from sales.models import Opportunity, Pipeline, Stage

CARDS = 30
Narrow = Callable[[models.QuerySet], models.QuerySet]
# The stage of the column in turn: all columns are one LATERAL, so each reach unit is planned once.
_EACH = RawSQL("col.v", (), output_field=BigIntegerField())


@dataclass(frozen=True)
class Key:
    """Where a card stands in its column: the latest moved first."""

    since: datetime.datetime
    pk: int

    @property
    def text(self) -> str:
        return f"{self.since.isoformat()}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """None for a text that is no key: the reader gets the top of the column."""
        since, _, pk = text.partition("_")
        try:
            moment, number = datetime.datetime.fromisoformat(since), int(pk)
        except ValueError:
            return None
        return cls(moment, number) if timezone.is_aware(moment) and 0 <= number < 2**63 else None


@dataclass
class Column:
    """``total`` in the company's currency; None where ``count`` stopped at CAP because there are more. ``more``: the
    key behind which further cards wait, or ""."""

    stage: Stage
    count: int = 0
    total: Decimal | None = Decimal(0)
    cards: list[dict[str, Any]] = field(default_factory=list)
    more: str = ""


class Board:
    """One person's board. ``narrow`` filters the rows."""

    def __init__(self, user: Any, pipeline: Pipeline, narrow: Narrow = lambda rows: rows) -> None:
        self.user, self.pipeline = user, pipeline
        self.stages = [stage for stage in pipeline.stages.all() if not stage.is_retired]
        units = branches_of(user, Opportunity)
        self._branches = [unit.narrowed(lambda rows: narrow(rows.filter(state="open"))) for unit in units]

    def columns(self, *, exactly: bool = False) -> list[Column]:
        """All columns with their first cards and their sums, which stop at CAP rows unless asked for exactly."""
        found = self.heads(exactly=exactly)
        keys = self._first_keys()
        cards = cards_of([key.pk for column in keys.values() for key in column[:CARDS]])
        for column in found:
            _fill(column, keys.get(column.stage.pk, []), cards)
        return found

    def heads(self, *, exactly: bool = True) -> list[Column]:
        """The columns without cards."""
        sums = self._sums() if exactly else self._sums_to_cap()
        return [Column(stage, *sums.get(stage.pk, (0, Decimal(0)))) for stage in self.stages]

    def further(self, stage: Stage, after: Key | None) -> Column:
        """The cards of one column behind a key; without sums."""
        column = Column(stage)
        keys = self._keys_after(stage, after)
        _fill(column, keys, cards_of([key.pk for key in keys[:CARDS]]))
        return column

    def card(self, pk: int) -> dict[str, Any] | None:
        """A card that stands on this board, or None."""
        stages = {stage.pk for stage in self.stages}
        branches = self._with(lambda rows: rows.filter(pk=pk, stage__in=stages).values_list("pk"))
        if not branches or not fetch(*union_all(branches)):
            return None
        return cards_of([pk])[pk]

    def _sums(self) -> dict[int, tuple[int, Decimal | None]]:
        """Stage → count and total of all its rows, from the indexes of the board alone."""
        stages = [stage.pk for stage in self.stages]
        branches = self._with(
            lambda rows: rows.filter(stage__in=stages).order_by().values_list("stage_id", "amount_company")
        )
        if not branches or not stages:
            return {}
        sql, params = union_all(branches)
        statement = f"SELECT stage, count(*), coalesce(sum(amount), 0) FROM ({sql}) t(stage, amount) GROUP BY 1"
        return {stage: (count, total) for stage, count, total in fetch(statement, params)}

    def _sums_to_cap(self) -> dict[int, tuple[int, Decimal | None]]:
        """The same, reading at most CAP + 1 rows of a stage; no total where there are more than CAP."""
        branches = self._with(
            lambda rows: _in_order(rows.filter(stage_id=_EACH)).values_list("amount_company")[: CAP + 1]
        )
        if not branches:
            return {}
        sql, params = union_all(branches)
        statement = f"""
            SELECT col.v, head.count, head.total FROM unnest(%s::bigint[]) AS col(v) CROSS JOIN LATERAL (
                SELECT count(*), coalesce(sum(amount), 0)
                FROM (SELECT amount FROM ({sql}) k(amount) LIMIT {CAP + 1}) first
            ) head(count, total)"""
        found = fetch(statement, [[stage.pk for stage in self.stages], *params])
        return {stage: (count, total) if count <= CAP else (CAP, None) for stage, count, total in found}

    def _first_keys(self) -> dict[int, list[Key]]:
        """Stage → its first keys, one more than shown."""
        branches = self._with(lambda rows: _first(rows.filter(stage_id=_EACH)))
        if not branches:
            return {}
        sql, params = union_all(branches)
        statement = f"""
            SELECT stage, since, id FROM (
                SELECT col.v AS stage, k.since, k.id,
                       row_number() OVER (PARTITION BY col.v ORDER BY k.since DESC, k.id DESC) AS place
                FROM unnest(%s::bigint[]) AS col(v) CROSS JOIN LATERAL ({sql}) k(id, since)
            ) ranked WHERE place <= {CARDS + 1} ORDER BY stage, place"""
        keys: dict[int, list[Key]] = {}
        for stage, since, pk in fetch(statement, [[stage.pk for stage in self.stages], *params]):
            keys.setdefault(stage, []).append(Key(since, pk))
        return keys

    def _keys_after(self, stage: Stage, after: Key | None) -> list[Key]:
        def narrow(rows: models.QuerySet) -> models.QuerySet:
            rows = rows.filter(stage=stage)
            if after:
                rows = rows.filter(stage_since__lte=after.since).exclude(stage_since=after.since, pk__gte=after.pk)
            return _first(rows)

        branches = self._with(narrow)
        if not branches:
            return []
        sql, params = union_all(branches)
        statement = f"SELECT since, id FROM ({sql}) k(id, since) ORDER BY 1 DESC, 2 DESC LIMIT {CARDS + 1}"
        return [Key(since, pk) for since, pk in fetch(statement, params)]

    def _with(self, narrow: Narrow) -> list[Branch]:
        return [branch.narrowed(narrow) for branch in self._branches]


def _first(rows: models.QuerySet) -> models.QuerySet:
    return _in_order(rows).values_list("pk", "stage_since")[: CARDS + 1]


def _in_order(rows: models.QuerySet) -> models.QuerySet:
    return rows.order_by("-stage_since", "-pk")


# Written out: the board asks it on every look, and what the machine would write is always the same.
_CARDS = """
    SELECT deal.id, deal.name, deal.amount, deal.currency, deal.close_on, deal.stage_id, deal.stage_since,
           deal.owner_id, owner.name, customer.name
      FROM sales_opportunity deal LEFT JOIN customers_customer customer ON customer.id = deal.customer_id
      LEFT JOIN accounts_user owner ON owner.id = deal.owner_id WHERE deal.id = ANY(%s)"""
_NAMES = (
    "pk", "name", "amount", "currency", "close_on", "stage_id", "stage_since", "owner_id", "owner__name",
    "customer__name",
)  # fmt: skip


def cards_of(ids: list[int]) -> dict[int, dict[str, Any]]:
    """What cards show, by id. They were found within reach a moment ago."""
    rows = fetch(_CARDS, [ids]) if ids else []
    return {values[0]: dict(zip(_NAMES, values, strict=True)) for values in rows}


def _fill(column: Column, keys: list[Key], cards: dict[int, dict[str, Any]]) -> None:
    shown = keys[:CARDS]
    column.cards = [cards[key.pk] for key in shown if key.pk in cards]
    column.more = shown[-1].text if len(keys) > CARDS else ""


CLOSES = ("overdue", "month", "quarter", "later", "none")


def closing(code: str, today: datetime.date) -> Q:
    """The expected close: overdue, until the end of this month or quarter (overdue ones included), later, or none."""
    if code == "none":
        return Q(close_on__isnull=True)
    if code == "overdue":
        return Q(close_on__lt=today)
    if code == "month":
        return Q(close_on__lt=_month_after(today, 1))
    ends = _month_after(today, 3 - (today.month - 1) % 3)
    return Q(close_on__lt=ends) if code == "quarter" else Q(close_on__gte=ends)


def _month_after(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month so many months later."""
    place = day.month - 1 + months
    return datetime.date(day.year + place // 12, place % 12 + 1, 1)
