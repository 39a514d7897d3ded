"""Scores and ratings, by one statement for one lead or for a portion: the sum of the points of the rules that hold.

The same statement explains: each rule's points are a column of it. Only open leads are scored; a closed one keeps what
it had. Score and rating raise no version, tell of no event and stand in no index, so that a row is updated in place.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Case, QuerySet, SmallIntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from leads.models import Lead, ScoreLimits, ScoreRule
from leads.models.score_rule import LEAST, MOST
from leads.scoring.facts import Day, facts
from leads.states import OPEN


@dataclass(frozen=True)
class Scoring:
    """What scores follow from: the rules in force, the limits of the rating, the day."""

    rules: Sequence[ScoreRule]
    limits: ScoreLimits | None
    day: Day

    @classmethod
    def at(cls, now: datetime.datetime) -> "Scoring":
        rules = [rule for rule in ScoreRule.objects.in_force() if rule.fact in facts]
        return cls(rules, ScoreLimits.get() if rules else None, Day.at(now))

    def limited(self, limits: ScoreLimits) -> "Scoring":
        """As if these were the limits."""
        return replace(self, limits=limits)

    def worked_out(self, rows: QuerySet[Lead]) -> tuple[str, list[Any]]:
        """``WITH … worked_out AS (id, seen, was_score, was, p0, p1 …, score, rating)`` for these leads."""
        points = {f"p{place}": self._points(rule) for place, rule in enumerate(self.rules)}
        # xmin: whether somebody wrote the row after it was read.
        rows = rows.annotate(seen=RawSQL("leads_lead.xmin", ()), **points)
        columns = ("pk", "score", "rating", "rating_by_hand", "rating_until", "seen", *points)
        statement, params = rows.values_list(*columns).query.sql_with_params()
        names = ", ".join(["id", "was_score", "was", "by_hand", "until", "seen", *points])
        limits = [LEAST, MOST, self.day.today, *self._limits()]
        return _WORKED_OUT.format(rows=statement, names=names, sum=" + ".join(points) or "0"), [*params, *limits]

    def _points(self, rule: ScoreRule) -> Case:
        condition = facts[rule.fact].where(rule, self.day)
        return Case(
            When(condition, then=Value(rule.points)), default=Value(0), output_field=SmallIntegerField()
        )  # fmt: skip

    def _limits(self) -> tuple[bool, int, int]:
        """Without a rule there is no rating but those set by hand, whatever their date."""
        return (True, 0, 0) if self.limits is None else (False, self.limits.hot_from, self.limits.warm_from)


_WORKED_OUT = """
WITH pointed({names}) AS MATERIALIZED ({rows}),
summed AS (SELECT *, greatest(%s, least(%s, {sum}))::smallint AS score FROM pointed),
worked_out AS MATERIALIZED (
    SELECT *, CASE WHEN by_hand <> '' AND until >= %s THEN by_hand WHEN %s THEN by_hand
                   WHEN score >= %s THEN 'hot' WHEN score >= %s THEN 'warm' ELSE 'cold' END AS rating
    FROM summed
)"""
# A row that somebody wrote meanwhile is left: whoever changes a fact scores it in his own transaction.
WRITE = """, changed AS (
    UPDATE leads_lead l SET score = w.score, rating = w.rating FROM worked_out w
    WHERE l.id = w.id AND l.xmin = w.seen AND (l.score <> w.score OR l.rating <> w.rating)
    RETURNING l.id, w.was, w.rating
)"""


def open_leads() -> QuerySet[Lead]:
    """The leads that have a score to keep up."""
    return Lead.objects.live().filter(state__in=OPEN)


def score_leads(ids: Iterable[int], *, now: datetime.datetime | None = None) -> dict[int, tuple[int, str]]:
    """Scores these leads anew, as far as they are open: id → score and rating. In the transaction of the change."""
    rows = open_leads().filter(pk__in=list(ids)).order_by()
    statement, params = Scoring.at(now or timezone.now()).worked_out(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{WRITE} SELECT id, score, rating FROM worked_out", params)
        return {pk: (score, rating) for pk, score, rating in cursor.fetchall()}


def score_lead(lead: Lead, *, now: datetime.datetime | None = None) -> None:
    """The same for one lead in memory."""
    found = score_leads([lead.pk], now=now)
    lead.score, lead.rating = found.get(lead.pk, (lead.score, lead.rating))
