"""The move of records with an owner that have no rules of their own: one statement a portion, taken back the same way.

``after(ids, by)`` follows in the same transaction: what hangs on the owner elsewhere.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from records.handover.kinds import VERB, Giving
from records.models import Batch, Event
from records.undo import UndoResult, who_changed_last

PORTION = 2_000

After = Callable[[list[int], Any], None]

# ``chosen`` yields id, from_owner and to_owner.
_GIVE = """
WITH chosen AS MATERIALIZED ({select}), given AS (
    UPDATE {table} r SET owner_id = c.to_owner, team_id = u.team_id, assigned_at = %(moment)s
    FROM chosen c JOIN accounts_user u ON u.id = c.to_owner WHERE r.id = c.id
    RETURNING r.id, r.customer_id, c.from_owner, c.to_owner
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(at)s, %(by)s, %(verb)s, %(kind)s, id, customer_id, %(batch)s,
       jsonb_build_object('from', from_owner, 'to', to_owner) FROM given RETURNING subject_id
"""
_THESE = """
SELECT r.id, r.owner_id AS from_owner, g.owner AS to_owner
FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[]) AS g(id, owner) JOIN {table} r ON r.id = g.id
WHERE r.owner_id = %(leaver)s AND r.deleted_at IS NULL ORDER BY r.id FOR NO KEY UPDATE OF r
"""
# Since then nobody gave it to somebody else, nor to the same person again.
_STILL_THERE = """
SELECT r.id, r.owner_id AS from_owner, (e.facts->>'from')::bigint AS to_owner
FROM records_event e JOIN {table} r ON r.id = e.subject_id JOIN accounts_user u ON u.id = (e.facts->>'from')::bigint
WHERE e.id = ANY(%(events)s) AND r.deleted_at IS NULL AND r.owner_id = (e.facts->>'to')::bigint
  AND r.assigned_at = %(was)s::timestamptz AND u.is_active
ORDER BY r.id
"""


def give_owned(model: Any, shares: Mapping[int, Any], how: Giving, *, after: After | None = None) -> list[int]:
    """``shares``: id → person. Returns what moved."""
    params = {"ids": list(shares), "owners": [person.pk for person in shares.values()], "leaver": how.leaver.pk}
    return _write(model, _THESE, params, VERB, how.moment, by=how.by, batch=how.batch, after=after)


def undo_owned(model: Any, batch: Batch, *, by: Any, dry_run: bool, after: After | None = None) -> UndoResult:
    result, left = UndoResult(), []
    events = batch.events.filter(verb=VERB, subject_kind=model.kind).order_by("id")
    told = list(events.values_list("id", "subject_id"))
    for start in range(0, len(told), PORTION):
        portion = told[start : start + PORTION]
        back = _take_back(model, [event for event, _subject in portion], batch, by=by, dry_run=dry_run, after=after)
        result.restored += len(back)
        left += sorted({subject for _event, subject in portion} - set(back))
    # After a kill in the middle the second attempt finds what the first one did.
    earlier = Event.objects.filter(subject_kind=model.kind, subject_id__in=left, verb="undo", batch=batch)
    left = sorted(set(left) - set(earlier.values_list("subject_id", flat=True)))
    result.left = who_changed_last(model.kind, left, since=batch)
    return result


def _take_back(
    model: Any, events: list[int], batch: Batch, *, by: Any, dry_run: bool, after: After | None
) -> list[int]:
    params = {"events": events, "was": batch.params["now"]}
    if dry_run:
        with connection.cursor() as cursor:
            cursor.execute(_STILL_THERE.format(table=model._meta.db_table), params)
            return [row[0] for row in cursor.fetchall()]
    select = f"{_STILL_THERE} FOR NO KEY UPDATE OF r"
    return _write(model, select, params, "undo", timezone.now(), by=by, batch=batch, after=after)


@transaction.atomic
def _write(
    model: Any, select: str, params: dict[str, Any], verb: str, moment: datetime, *, by: Any, batch: Batch,
    after: After | None,
) -> list[int]:  # fmt: skip
    table = model._meta.db_table
    told = {"moment": moment, "at": timezone.now(), "by": by and by.pk, "verb": verb, "batch": batch.pk}
    with connection.cursor() as cursor:
        sql = _GIVE.format(select=select.format(table=table), table=table)
        cursor.execute(sql, {**params, **told, "kind": model.kind})
        ids = sorted(row[0] for row in cursor.fetchall())
    if ids and after:
        after(ids, by)
    return ids
