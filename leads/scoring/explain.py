"""Which rules gave a lead its score, by the statement that scores."""

import datetime
from dataclasses import dataclass

from django.db import connection

from leads.models import Lead, ScoreRule
from leads.scoring.score import Scoring


@dataclass(frozen=True)
class Explanation:
    """``lines``: the rules that hold now with their points, in the rules' order. ``score``: what they give together.

    ``is_due``: the score that stands on the lead is another one, and follows with the next sweep.
    """

    lines: list[tuple[ScoreRule, int]]
    score: int
    stored: int
    is_open: bool

    @property
    def total(self) -> int:
        """Before it is cut off at the ends of the range."""
        return sum(points for _rule, points in self.lines)

    @property
    def is_cut(self) -> bool:
        return self.is_open and self.total != self.score

    @property
    def is_due(self) -> bool:
        return self.is_open and self.score != self.stored


def explain(lead: Lead, *, now: datetime.datetime) -> Explanation | None:
    """None where no rule is in force."""
    scoring = Scoring.at(now)
    if not scoring.rules:
        return None
    statement, params = scoring.worked_out(Lead._base_manager.filter(pk=lead.pk).order_by())
    columns = ", ".join(f"p{place}" for place in range(len(scoring.rules)))
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} SELECT score, {columns} FROM worked_out", params)
        score, *points = cursor.fetchone()
    lines = [(rule, given) for rule, given in zip(scoring.rules, points, strict=True) if given]
    return Explanation(lines, score, lead.score, lead.is_open)
