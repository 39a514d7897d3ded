"""The job ``leads.score``: every open lead by the rules of today, because days pass and rules change.

Portions commit one by one, and how far it has come stands in a row: after a kill the next run goes on. A rule that is
changed meanwhile makes the sweep begin anew. What is up to date is not written, so that a second run does nothing.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models import Lead, ScoreLimits
from leads.scoring.foresee import foresee, told
from leads.scoring.score import WRITE, Scoring, open_leads
from records.jobs import JobOutcome

JOB = "leads.score"
PORTION = 5_000


@dataclass
class Swept:
    """``moves``: (rating before, rating after) → how many leads were written."""

    moves: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return sum(self.moves.values())


def run(*, now: datetime.datetime, dry_run: bool, force: bool) -> JobOutcome:
    """The register's door. Once a day, whenever a rule was changed, or when it is forced."""
    if dry_run:
        foreseen = foresee(Scoring.at(now))
        return JobOutcome(lines=told(foreseen), moved=foreseen.changed)
    scoring = Scoring.at(now)
    if not _begin(scoring.day.today, force=force):
        return JobOutcome()
    swept = Swept()
    while _portion(swept, now):
        pass
    return JobOutcome(lines=_lines(swept), moved=swept.number)


@transaction.atomic
def _begin(today: datetime.date, *, force: bool) -> bool:
    """Whether there is something to do: a sweep that was broken off, a new day, another set of rules."""
    limits = ScoreLimits.locked()
    is_old = limits.swept_on is None or limits.swept_on < today
    if force or is_old or limits.swept_version != limits.rules_version:
        _begin_anew(limits, today)
    return limits.swept_to is not None


def _begin_anew(limits: ScoreLimits, today: datetime.date) -> None:
    limits.swept_to, limits.swept_on, limits.swept_version = 0, today, limits.rules_version
    limits.save(update_fields=["swept_to", "swept_on", "swept_version"])


# One statement scores the portion and writes what differs.
_COUNT = """
SELECT NULL, max(id)::text, count(*) FROM worked_out UNION ALL SELECT was, rating, count(*) FROM changed GROUP BY 1, 2
"""


@transaction.atomic
def _portion(swept: Swept, now: datetime.datetime) -> bool:
    """Whether there may be more. Rules cannot change within it, and where it ended is committed with it."""
    limits = ScoreLimits.locked()
    if limits.swept_to is None:
        return False
    scoring = Scoring.at(now)
    if limits.swept_version != limits.rules_version:
        _begin_anew(limits, scoring.day.today)
    rows = open_leads().filter(pk__gt=limits.swept_to).order_by("pk")[:PORTION]
    statement, params = scoring.worked_out(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{WRITE}{_COUNT}", params)
        for was, rating, number in cursor.fetchall():
            if was is None:
                limits.swept_to = int(rating) if number == PORTION else None
            else:
                swept.moves[was, rating] += number
    limits.save(update_fields=["swept_to"])
    return limits.swept_to is not None


def _lines(swept: Swept) -> list[str]:
    if not swept.number:
        return []
    text = ngettext("%(count)d lead has another score", "%(count)d leads have another score", swept.number)
    became = Counter[str]()
    for (was, rating), number in swept.moves.items():
        if was != rating and rating:
            became[rating] += number
    lines = [text % {"count": swept.number}]
    lines += [
        _("now %(rating)s: %(count)d") % {"rating": label, "count": became[code]}
        for code, label in Lead.Rating.choices
        if became[code]
    ]
    return lines
