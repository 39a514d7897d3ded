"""Many open leads become lost at once, in one statement, and come back by undo as they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from leads.states import OPEN
from records.models import Batch
from records.undo import PORTION, UndoResult, who_changed_last

VERB = "lose_leads"

# The facts keep what the loss wipes out, so that undo can put it back.
_LOSE = """
WITH chosen AS (
    SELECT id, state, next_contact_at, first_contact_due_at FROM leads_lead
    WHERE id = ANY(%(ids)s) AND deleted_at IS NULL AND state = ANY(%(open)s) ORDER BY id FOR UPDATE
), lost AS (
    UPDATE leads_lead l SET state = 'lost', lost_reason_id = %(reason)s, lost_note = %(note)s, lost_at = %(now)s,
           next_contact_at = NULL, first_contact_due_at = NULL
    FROM chosen c WHERE l.id = c.id
    RETURNING l.id, c.state, c.next_contact_at, c.first_contact_due_at
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, batch_id, facts)
SELECT %(at)s, %(by)s, 'lose', 'lead', id, %(batch)s, jsonb_strip_nulls(jsonb_build_object(
       'state', jsonb_build_array(state, 'lost'), 'reason', %(code)s::text,
       'next_contact_at', next_contact_at, 'first_contact_due_at', first_contact_due_at))
FROM lost RETURNING subject_id
"""

# A lead that was touched since (reopened and lost again, erased) has a later event of its own.
_UNDO = """
WITH told AS (
    SELECT id, subject_id, facts FROM records_event
    WHERE batch_id = %(batch)s AND verb = 'lose' AND subject_kind = 'lead' AND id > %(after)s
    ORDER BY id LIMIT %(portion)s
), held AS (
    SELECT t.id, t.subject_id, t.facts, l.state = 'lost' AND l.deleted_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM records_event e WHERE e.subject_kind = 'lead' AND e.subject_id = t.subject_id AND e.id > t.id
           AND e.verb IN ('lose', 'reopen')
    ) AND (l.owner_id IS NULL OR u.is_active) AS is_ours
    FROM told t JOIN leads_lead l ON l.id = t.subject_id LEFT JOIN accounts_user u ON u.id = l.owner_id {lock}
), {write}
SELECT (SELECT max(id) FROM told), array(SELECT subject_id FROM held WHERE is_ours),
       array(SELECT subject_id FROM held WHERE NOT is_ours)
"""
_WRITE = """back AS (
    UPDATE leads_lead l SET state = h.facts->'state'->>0, lost_reason_id = NULL, lost_note = '', lost_at = NULL,
           next_contact_at = (h.facts->>'next_contact_at')::timestamptz,
           first_contact_due_at = (h.facts->>'first_contact_due_at')::timestamptz
    FROM held h WHERE l.id = h.subject_id AND h.is_ours RETURNING l.id, l.state
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, facts)
    SELECT %(at)s, %(by)s, 'reopen', 'lead', id, jsonb_build_object('batch', %(batch)s::bigint,
           'state', jsonb_build_array('lost', state)) FROM back
)"""


def lose_many(
    ids: Sequence[int], reason: Any, *, by: Any, note: str = "", batch: Any = None, now: datetime | None = None
) -> list[int]:
    """The leads that are lost now; closed ones stay as they are. ``reason``: an entry of lead_lost_reason."""
    params = {
        "ids": list(ids), "open": list(OPEN), "reason": reason.pk, "code": reason.code, "note": note.strip()[:500],
        "now": now or timezone.now(), "at": timezone.now(), "by": by and by.pk, "batch": batch and batch.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOSE, params)
        return sorted(row[0] for row in cursor.fetchall())


def undo_lose(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """In portions; what has a life of its own since, or an owner who left, stays lost and is listed."""
    result = UndoResult()
    left: list[int] = []
    after: int | None = 0
    while after is not None:
        after, restored, kept = _portion(batch, after, by=by, dry_run=dry_run)
        result.restored += len(restored)
        left += kept
    result.left = who_changed_last("lead", left, since=batch)
    return result


def _portion(batch: Batch, after: int, *, by: Any, dry_run: bool) -> tuple[int | None, list[int], list[int]]:
    write = "nothing AS (SELECT 1)" if dry_run else _WRITE
    sql = _UNDO.format(write=write, lock="" if dry_run else "FOR NO KEY UPDATE OF l")
    params = {"batch": batch.pk, "after": after, "portion": PORTION, "at": timezone.now(), "by": by and by.pk}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
