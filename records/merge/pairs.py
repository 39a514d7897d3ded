"""Who may be the same: found by what they share, proposed once, judged by people.

The signals of PRODUCT §3; each kind says by SQL which record has which key. A key that more than twenty records have
says nothing. One equality join per signal, by the index of its column, for one portion of records at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.register import Register
from records.models import LikelyPair

MOST_HITS = 20
# A person may be noted at a customer several times over; more rows than this are not looked through.
MOST_ROWS = 60
PORTION = 2_000
# A pair below says too little to ask a person: two people may share a domain.
LEAST = 25

LABELS = {
    "tax": _("same tax number"),
    "email": _("same e-mail"),
    "phone": _("same phone"),
    "name": _("same company name"),
    "domain": _("same e-mail domain"),
}
WEIGHTS = {"tax": 50, "email": 40, "phone": 30, "name": 25, "domain": 10}


@dataclass(frozen=True)
class Keyed:
    """``sql``: rows (id, key) of all live records, in a form that an index answers both by id and by key."""

    kind: str
    signal: str
    sql: str


keyed: Register[Keyed] = Register("signal of likely pairs")


def find_pairs(kind: str, ids: Iterable[int], *, now: datetime | None = None) -> int:
    """Brings up the pairs of one portion of records; how many there are. What was judged stays judged."""
    params = {"kind": kind, "ids": list(ids), "now": now or timezone.now(), "least": LEAST}
    params |= {"most": MOST_HITS, "rows": MOST_ROWS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement(kind), params)
        return cursor.rowcount


_BRANCH = """
SELECT least(m.id, o.id) AS low, greatest(m.id, o.id) AS high, '{signal}' AS signal,
       '{signal}:' || md5(m.key) AS key
FROM (SELECT DISTINCT q.id, q.key FROM ({sql}) q WHERE q.id = ANY(%(ids)s)) m
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT h.id) AS ids, count(*) AS rows
    FROM (SELECT q.id FROM ({sql}) q WHERE q.key = m.key LIMIT %(rows)s) h
) hits CROSS JOIN LATERAL unnest(hits.ids) AS o(id)
WHERE hits.rows < %(rows)s AND cardinality(hits.ids) <= %(most)s AND o.id <> m.id
"""
# Whatever a person said holds until the two share more than she saw. Two that were parted again are open.
_AGAIN = "(p.state <> 'different' OR NOT excluded.keys <@ p.keys)"


def _statement(kind: str) -> str:
    branches = " UNION ALL ".join(_BRANCH.format(signal=one.signal, sql=one.sql) for one in keyed if one.kind == kind)
    weights = " ".join(f"WHEN '{signal}' THEN {weight}" for signal, weight in WEIGHTS.items())
    return f"""
    WITH shared AS MATERIALIZED ({branches}),
    told AS (SELECT DISTINCT low, high, signal, CASE signal {weights} END AS weight FROM shared),
    likely AS (
        SELECT low, high, sum(weight) AS score, array_agg(signal::varchar ORDER BY weight DESC) AS signals
        FROM told GROUP BY low, high HAVING sum(weight) >= %(least)s
    ), scored AS (
        SELECT l.*, k.keys FROM likely l JOIN (
            SELECT low, high, array_agg(DISTINCT key::varchar) AS keys FROM shared GROUP BY low, high
        ) k USING (low, high)
    )
    INSERT INTO records_likelypair AS p (kind, low_id, high_id, score, signals, keys, state, found_at, seen_at)
    SELECT %(kind)s, low, high, score, signals, keys, 'open', %(now)s, %(now)s FROM scored ORDER BY low, high
    ON CONFLICT (kind, low_id, high_id) DO UPDATE SET
        score = excluded.score, signals = excluded.signals, seen_at = excluded.seen_at,
        keys = CASE WHEN {_AGAIN} THEN excluded.keys ELSE p.keys END,
        state = CASE WHEN {_AGAIN} THEN 'open' ELSE p.state END,
        judged_at = CASE WHEN {_AGAIN} THEN NULL ELSE p.judged_at END,
        judged_by_id = CASE WHEN {_AGAIN} THEN NULL ELSE p.judged_by_id END
    """


def drop_unseen(kind: str, *, before: datetime) -> int:
    """What was open and is not alike any more, after a whole search that began at ``before``."""
    rows = LikelyPair.objects.filter(kind=kind, state=LikelyPair.State.OPEN, seen_at__lt=before)
    return rows.delete()[0]


def pairs_for(kind: str, rows: Any, *, state: str = LikelyPair.State.OPEN) -> Any:
    """The pairs of which both are among ``rows``, the likeliest first."""
    ids = rows.order_by().values("pk")
    found = LikelyPair.objects.filter(kind=kind, state=state, low_id__in=ids, high_id__in=ids)
    return found.order_by("-score", "-pk")


def judge_different(pairs: Any, *, by: Any) -> int:
    """These are not the same; said once, they are not proposed again."""
    told = {"state": LikelyPair.State.DIFFERENT, "judged_by": by, "judged_at": timezone.now()}
    return LikelyPair.objects.filter(pk__in=pairs, state=LikelyPair.State.OPEN).update(**told)


def judge_again(pairs: Any) -> int:
    """Back into the queue."""
    told = {"state": LikelyPair.State.OPEN, "judged_by": None, "judged_at": None}
    return LikelyPair.objects.filter(pk__in=pairs, state=LikelyPair.State.DIFFERENT).update(**told)


def settle_pair(kind: str, one: int, other: int, *, by: Any) -> None:
    """The two were merged."""
    told = {"state": LikelyPair.State.MERGED, "judged_by": by, "judged_at": timezone.now()}
    LikelyPair.objects.filter(**LikelyPair.of(kind, one, other)).update(**told)


def open_pair(kind: str, one: int, other: int) -> None:
    """The two were parted again."""
    told = {"state": LikelyPair.State.OPEN, "judged_by": None, "judged_at": None}
    rows = LikelyPair.objects.filter(**LikelyPair.of(kind, one, other), state=LikelyPair.State.MERGED)
    rows.update(**told)


def partners_of(kind: str, pk: int) -> Any:
    """The open pairs of one record."""
    rows = LikelyPair.objects.filter(Q(low_id=pk) | Q(high_id=pk), kind=kind, state=LikelyPair.State.OPEN)
    return rows.order_by("-score", "-pk")
