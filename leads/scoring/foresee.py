"""What a set of rules would make of the open leads: the dry run of the job, and the preview of a rule."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import ngettext

from leads.models import Lead, ScoreLimits, ScoreRule
from leads.scoring.score import Scoring, open_leads


@dataclass(frozen=True)
class Foreseen:
    """``looked_at`` leads, of which ``changed`` would have another score or rating.

    ``met``: rules with how many leads they hold for. ``became``: rating → how many would change to it.
    ``is_sample``: only the newest leads were looked at.
    """

    looked_at: int
    changed: int
    met: list[tuple[ScoreRule, int]]
    became: dict[str, int]
    is_sample: bool = False


def foresee(scoring: Scoring, *, newest: int | None = None) -> Foreseen:
    """One statement, nothing is written. ``newest``: looks at so many leads at most, for an answer at once."""
    rows = open_leads().order_by("-pk")[:newest] if newest else open_leads().order_by()
    statement, params = scoring.worked_out(rows)
    met = "".join(f", count(*) FILTER (WHERE p{place} <> 0)" for place in range(len(scoring.rules)))
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{_COUNT.format(met=met)}", params)
        looked_at, changed, hot, warm, cold, *numbers = cursor.fetchone()
    became = {"hot": hot, "warm": warm, "cold": cold}
    return Foreseen(looked_at, changed, list(zip(scoring.rules, numbers, strict=True)), became, looked_at == newest)


_COUNT = """
SELECT count(*), count(*) FILTER (WHERE score <> was_score OR rating <> was),
       count(*) FILTER (WHERE rating = 'hot' AND was <> 'hot'),
       count(*) FILTER (WHERE rating = 'warm' AND was <> 'warm'),
       count(*) FILTER (WHERE rating = 'cold' AND was <> 'cold'){met}
FROM worked_out
"""


def with_rule(scoring: Scoring, rule: ScoreRule) -> Scoring:
    """As if this rule, saved or not, were in force as it stands in memory."""
    others = [one for one in scoring.rules if rule.pk is None or one.pk != rule.pk]
    return dataclasses.replace(scoring, rules=[*others, rule], limits=scoring.limits or ScoreLimits.get())


def told(found: Foreseen) -> list[str]:
    """One line per rule, then what would become of the leads."""
    lines = [_meets(rule, number) for rule, number in found.met]
    return [*lines, *became_in_words(found)]


def _meets(rule: ScoreRule, number: int) -> str:
    text: Any = ngettext(
        "%(rule)s (%(points)+d): holds for %(count)d lead", "%(rule)s (%(points)+d): holds for %(count)d leads", number
    )
    return text % {"rule": rule.name, "points": rule.points, "count": number}


def became_in_words(found: Foreseen) -> list[str]:
    lines = []
    for code, label in Lead.Rating.choices:
        if number := found.became[code]:
            text = ngettext("%(count)d lead would become %(rating)s", "%(count)d leads would become %(rating)s", number)
            lines.append(text % {"count": number, "rating": label})
    if found.changed:
        text = ngettext(
            "%(count)d lead would have another score", "%(count)d leads would have another score", found.changed
        )
        lines.append(text % {"count": found.changed})
    return lines
