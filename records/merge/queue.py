"""The review queue: likely pairs of which the person may merge both, the likeliest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from records.kinds import kinds
from records.merge.kinds import mergings
from records.merge.pairs import LABELS, pairs_for
from records.models import LikelyPair
from records.search.kinds import searchables

PAGE = 50


@dataclass(frozen=True)
class Side:
    pk: int
    title: str
    about: str
    url: str
    created_at: datetime


@dataclass(frozen=True)
class Row:
    pk: int
    left: Side
    right: Side
    score: int
    reasons: list[str]
    judged_by: Any
    judged_at: datetime | None


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    older: str


def page_of(kind: str, user: Any, *, state: str, after: str = "") -> Page:
    """``after``: "score-number" of the last pair of the page before. One walk of likely_pair_queue."""
    found = pairs_for(kind, mergings[kind].reach(user), state=state)
    score, _dash, number = after.partition("-")
    if score.isdecimal() and number.isdecimal() and len(after) < 25:
        found = found.filter(Q(score=int(score), pk__lt=int(number)) | Q(score__lt=int(score)), score__lte=int(score))
    pairs = list(found.select_related("judged_by")[: PAGE + 1])
    older = f"{pairs[PAGE - 1].score}-{pairs[PAGE - 1].pk}" if len(pairs) > PAGE else ""
    return Page(rows_of(kind, pairs[:PAGE], user=user), older)


def rows_of(kind: str, pairs: Iterable[LikelyPair], *, user: Any) -> list[Row]:
    """In their order, without those of which she may not merge both. The older record stands on the left."""
    pairs, searchable = list(pairs), searchables[kind]
    ids = {pk for pair in pairs for pk in (pair.low_id, pair.high_id)}
    rows = mergings[kind].reach(user).filter(pk__in=ids).select_related(*searchable.related)
    sides = {record.pk: _side(kind, record, searchable) for record in rows.order_by("pk")}
    return [
        Row(
            pair.pk, sides[pair.low_id], sides[pair.high_id], pair.score,
            [str(LABELS[signal]) for signal in pair.signals], pair.judged_by, pair.judged_at,
        )
        for pair in pairs
        if pair.low_id in sides and pair.high_id in sides
    ]  # fmt: skip


def _side(kind: str, record: Any, searchable: Any) -> Side:
    """What waits in a pool has no page and tells no phone number."""
    title, about = searchable.describe(record)
    in_pool = getattr(record, "pool_id", None) is not None
    url = "" if in_pool else kinds[kind].url_of(record)
    return Side(record.pk, title, str(record.pool) if in_pool else about, url, record.created_at)
