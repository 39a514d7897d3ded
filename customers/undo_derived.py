"""Takes back a batch of the nightly run: each column that still holds what the run wrote gets its former value.

What the run said stands in its events, one per customer. The next run derives anew from the facts of its night.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from records.models import Batch
from records.undo import UndoResult, who_changed_last

PORTION = 5_000
COLUMNS = ("state", "life_cycle", "grade")

# A column is ours while it holds what the batch wrote; a row of which none is ours is left, unless all is back already.
_OURS = " OR ".join(f"c.{name} = e.facts->'{name}'->>1" for name in COLUMNS)
_BACK = " AND ".join(f"(NOT e.facts ? '{name}' OR c.{name} = e.facts->'{name}'->>0)" for name in COLUMNS)
_SETS = ", ".join(
    f"{name} = CASE WHEN c.{name} = h.facts->'{name}'->>1 THEN h.facts->'{name}'->>0 ELSE c.{name} END"
    for name in COLUMNS
)
_HELD = f"""
WITH held AS (
    SELECT c.id, e.facts, ({_OURS}) AS is_ours, ({_BACK}) AS is_back
    FROM records_event e JOIN customers_customer c ON c.id = e.subject_id
    WHERE e.batch_id = %(batch)s AND e.verb = 'derive' AND e.subject_id > %(first)s AND e.subject_id <= %(last)s
    ORDER BY c.id {{lock}}
)"""
_RESTORE = f""", restored AS (
    UPDATE customers_customer c SET {_SETS} FROM held h WHERE c.id = h.id AND h.is_ours RETURNING c.id
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, facts)
    SELECT %(at)s, %(by)s, 'undo', 'customer', id, id, jsonb_build_object('batch', %(batch)s::bigint) FROM restored
)"""
_FOUND = """
SELECT array(SELECT id FROM held WHERE is_ours), array(SELECT id FROM held WHERE NOT is_ours AND NOT is_back)
"""


def undo_derived(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    result, left, first = UndoResult(), [], 0
    while (last := _end_of_portion(batch, first)) is not None:
        restored, missed = _portion(batch, first, last, by=by, dry_run=dry_run)
        result.restored += len(restored)
        left += missed
        first = last
    result.left = who_changed_last("customer", left, since=batch)
    return result


def _end_of_portion(batch: Batch, first: int) -> int | None:
    ids = batch.events.filter(verb="derive", subject_id__gt=first).order_by("subject_id").values_list("subject_id")
    portion = ids[:PORTION]
    return max((pk for (pk,) in portion), default=None)


def _portion(batch: Batch, first: int, last: int, *, by: Any, dry_run: bool) -> tuple[list[int], list[int]]:
    held = _HELD.format(lock="" if dry_run else "FOR NO KEY UPDATE OF c")
    told = {"batch": batch.pk, "first": first, "last": last, "at": timezone.now(), "by": by and by.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{held} {'' if dry_run else _RESTORE} {_FOUND}", told)
        return cursor.fetchone()
