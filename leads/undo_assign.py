"""Undo of an assignment: leads that are still as the batch left them go back to where they were."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from leads.assign import HELD_BACK
from leads.hand_on import ALL_HAD
from messaging.notices import take_back
from records.models import Batch
from records.undo import UndoResult, who_changed_last

PORTION = 5_000

# As the batch left it: the owner that it gave, not contacted since, and no later assignment (the same person again).
# What went to the queue, because everybody had it, goes back to the last one who did.
# Back in the queue it is held back from the rules, or the next run would give it away again at once. A former owner who
# has left since gets nothing back.
_UNDO = """
WITH told AS (
    SELECT id, subject_id, verb, (facts->>'from')::bigint AS former, (facts->>'to')::bigint AS owner,
           coalesce(facts->'state'->>0, 'assigned') AS state
    FROM records_event
    WHERE batch_id = %(batch)s AND verb IN ('assign', 'handover', 'to_queue') AND subject_kind = 'lead'
      AND id > %(after)s
    ORDER BY id LIMIT %(portion)s
), held AS (
    SELECT t.id, t.subject_id, t.owner, t.state,
           CASE WHEN u.is_active THEN t.former END AS former, u.team_id AS former_team,
           l.owner_id IS NOT DISTINCT FROM t.former AS is_back,
           l.owner_id IS NOT DISTINCT FROM t.owner
           AND l.state = CASE WHEN t.owner IS NULL THEN 'new' ELSE 'assigned' END
           AND (t.verb <> 'to_queue' OR l.waits_because = %(all_had)s) AND NOT EXISTS (
        SELECT 1 FROM records_event e WHERE e.subject_kind = 'lead' AND e.subject_id = t.subject_id
           AND e.id > t.id AND e.verb IN ('assign', 'handover', 'reopen', 'to_queue')
    ) AS is_ours
    FROM told t JOIN leads_lead l ON l.id = t.subject_id LEFT JOIN accounts_user u ON u.id = t.former {lock}
), {write}
SELECT (SELECT max(id) FROM told), array(SELECT subject_id FROM held WHERE is_ours),
       array(SELECT subject_id FROM held WHERE NOT coalesce(is_ours, false) AND NOT is_back)
"""
_WRITE = """back AS (
    UPDATE leads_lead l SET owner_id = h.former, team_id = CASE WHEN h.former IS NULL THEN l.team_id ELSE h.former_team END,
           state = CASE WHEN h.former IS NULL THEN 'new' ELSE h.state END,
           assigned_at = CASE WHEN h.former IS NULL THEN NULL ELSE coalesce(l.assigned_at, %(at)s) END, rule_id = NULL,
           waits_because = CASE WHEN h.former IS NULL THEN %(held_back)s ELSE '' END,
           next_contact_at = nullif(l.next_contact_at, l.first_contact_due_at), first_contact_due_at = NULL
    FROM held h WHERE l.id = h.subject_id AND h.is_ours
    RETURNING l.id, h.former, h.owner
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, facts)
    SELECT %(at)s, %(by)s, 'undo', 'lead', id,
           jsonb_build_object('batch', %(batch)s::bigint, 'from', owner, 'to', former) FROM back
)"""  # noqa: E501


def undo_assignment(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """The undoer of ``leads.assign`` and of assignments by hand to many; in portions, callable again after a kill."""
    result = UndoResult()
    left: list[int] = []
    after: int | None = 0
    while after is not None:
        after, restored, kept = _portion(batch, after, by=by, dry_run=dry_run)
        result.restored += len(restored)
        left += kept
    if not dry_run:
        take_back(batch)
    result.left = who_changed_last("lead", left, since=batch)
    return result


@transaction.atomic
def _portion(batch: Batch, after: int, *, by: Any, dry_run: bool) -> tuple[int | None, list[int], list[int]]:
    write = "nothing AS (SELECT 1)" if dry_run else _WRITE
    sql = _UNDO.format(write=write, lock="" if dry_run else "FOR NO KEY UPDATE OF l")
    params = {"batch": batch.pk, "after": after, "portion": PORTION, "at": timezone.now(), "by": by and by.pk}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "held_back": HELD_BACK, "all_had": ALL_HAD})
        return cursor.fetchone()
