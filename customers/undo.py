"""Takes back a batch that gave customers to people or pools: whoever still is where the batch put him goes back.

An undo is an assignment at its moment: the days of the recycle rules count anew, so that the next run does not repeat
what was taken back.
"""

from typing import Any

from django.db import connection
from django.utils import timezone

from customers.ownership import give_chosen
from messaging.notices import take_back
from records.models import Batch, Event
from records.undo import UndoResult, who_changed_last

PORTION = 2_000

# Since then nobody claimed, released or assigned: the moment on the row is still the batch's.
_STILL_THERE = """
SELECT c.id, e.owner AS to_owner, u.team_id AS to_team, e.pool AS to_pool
FROM (SELECT subject_id, (facts->>'to')::bigint AS put_owner, (facts->>'pool')::bigint AS put_pool,
             (facts->>'from')::bigint AS owner,
             CASE WHEN facts->>'from' IS NULL THEN (facts->>'from_pool')::bigint END AS pool
      FROM records_event WHERE id = ANY(%(events)s)) e
JOIN customers_customer c ON c.id = e.subject_id
LEFT JOIN accounts_user u ON u.id = e.owner
WHERE c.deleted_at IS NULL AND c.owner_id IS NOT DISTINCT FROM e.put_owner AND c.pool_id IS NOT DISTINCT FROM e.put_pool
  AND CASE WHEN e.put_owner IS NULL THEN c.entered_pool_at ELSE c.assigned_at END = %(moment)s::timestamptz
  AND (e.pool IS NOT NULL OR u.is_active)
ORDER BY c.id
"""


def undo_ownership(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    result, left = UndoResult(), []
    events = list(
        batch.events.filter(subject_kind="customer").exclude(verb="undo").order_by("id").values_list("id", "subject_id")
    )
    for start in range(0, len(events), PORTION):
        portion = events[start : start + PORTION]
        restored = _restore(batch, [event for event, _subject in portion], by=by, dry_run=dry_run)
        result.restored += len(restored)
        left += sorted({subject for _event, subject in portion} - set(restored))
    if not dry_run:
        take_back(batch)
        left = _without_those_restored_earlier(batch, left)
    result.left = who_changed_last("customer", left, since=batch)
    return result


def _restore(batch: Batch, events: list[int], *, by: Any, dry_run: bool) -> list[int]:
    params = {"events": events, "moment": batch.params.get("now")}
    if dry_run:
        with connection.cursor() as cursor:
            cursor.execute(_STILL_THERE, params)
            return [row[0] for row in cursor.fetchall()]
    select = f"{_STILL_THERE} FOR UPDATE OF c"
    return give_chosen(select, params, by=by, verb="undo", facts={"batch": batch.pk}, now=timezone.now())


def _without_those_restored_earlier(batch: Batch, left: list[int]) -> list[int]:
    """After a kill in the middle the second attempt finds what the first one did."""
    done = Event.objects.filter(subject_kind="customer", subject_id__in=left, verb="undo", facts__batch=batch.pk)
    earlier = set(done.values_list("subject_id", flat=True))
    return [pk for pk in left if pk not in earlier]
