"""Undo of a batch: each verb that changes many rows says here how it is taken back.

An undoer restores what still holds the value that the batch wrote, in portions, and can be called again after a kill.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access
from crm.register import Register
from records.jobs import alone
from records.kinds import kinds
from records.models.batch import Batch
from records.models.event import Event
from records.refusals import Refused

PORTION = 5_000
# How many of the rows that an undo left are listed on the batch's page.
LEFT_KEPT = 200


@dataclass
class UndoResult:
    """``restored`` rows; ``left`` rows that changed since, as dicts with kind, id, and who changed them last."""

    restored: int = 0
    left: list[dict[str, Any]] = field(default_factory=list)


# verb of the batch → function(batch, *, by, dry_run) → UndoResult
undoers: Register[Callable[..., UndoResult]] = Register("undo")


def may_undo(user: Any, batch: Batch) -> bool:
    """Who started it, or who holds the right to undo batches."""
    return batch.verb in undoers and (batch.by_id == user.pk or access.allows(user, "undo", "batch"))


def undo_batch(batch: Batch, *, by: Any, dry_run: bool = False) -> UndoResult:
    """Takes a batch back; what others changed since is left and listed. Refused while it runs or once undone."""
    undoer = undoers.get(batch.verb)
    if undoer is None:
        raise Refused(_("A batch of this kind cannot be undone."), reason="no_undo")
    with alone(f"undo:{batch.pk}") as mine:
        if not mine:
            raise Refused(_("This batch is being undone already."), reason="undoing")
        if dry_run:
            _require_undoable(batch)
            return undoer(batch, by=by, dry_run=True)
        _claim(batch, by=by)
        try:
            result = undoer(batch, by=by, dry_run=False)
        except Refused as refusal:
            _let_go(batch, refusal)
            raise
        batch.params["left"] = result.left[:LEFT_KEPT]
        batch.save(update_fields=["params"])
        batch.counts.update(restored=batch.counts.get("restored", 0) + result.restored, left=len(result.left))
        batch._end(Batch.State.UNDONE)
        return result


def _claim(batch: Batch, *, by: Any) -> None:
    """A batch that says it is being undone was left so by a killed process: we hold the lock."""
    batch.refresh_from_db()
    if batch.state == Batch.State.UNDOING or batch.claim_undo(by=by):
        return
    _require_undoable(batch)


def _let_go(batch: Batch, refusal: Refused) -> None:
    """The undoer says no: the batch is as before, and its page says why."""
    batch.state, batch.message = Batch.State.DONE, str(refusal)
    batch.undone_at = batch.undone_by = None
    batch.save(update_fields=["state", "message", "undone_at", "undone_by"])


def _require_undoable(batch: Batch) -> None:
    if batch.state == Batch.State.RUNNING:
        raise Refused(_("This batch is still running."), reason="running", state=batch.state)
    if batch.state == Batch.State.UNDONE:
        raise Refused(_("This batch was undone already."), reason="undone", state=batch.state)


def who_changed_last(kind: str, ids: list[int], *, since: Batch) -> list[dict[str, Any]]:
    """The rows of ``left``: per record the last event after the batch, with its author."""
    last: dict[int, Event] = {}
    events = Event.objects.filter(subject_kind=kind, subject_id__in=ids).exclude(batch=since)
    for event in events.order_by("subject_id", "-id").distinct("subject_id").select_related("by"):
        last[event.subject_id] = event
    return [
        {"kind": kind, "id": pk, "by": last[pk].by and str(last[pk].by), "at": last[pk].at.isoformat()}
        if pk in last
        else {"kind": kind, "id": pk, "by": None, "at": None}
        for pk in ids
    ]


# --- the generic undoer: fields that were changed with Change rows ---


def undo_field_changes(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Sets each field back whose value is still the one that the batch wrote. Set-based, field by field."""
    result = UndoResult()
    fields = batch.events.values_list("subject_kind", "changes__field").exclude(changes__field=None).distinct()
    restored: set[tuple[str, int]] = set()
    left: dict[str, set[int]] = {}
    for kind, name in fields.order_by("subject_kind", "changes__field"):
        for first, last in _portions(batch):
            done, missed = _restore_field(batch, kind, name, first, last, by=by, dry_run=dry_run)
            restored.update((kind, pk) for pk in done)
            left.setdefault(kind, set()).update(missed)
    result.restored = len(restored)
    for kind, ids in left.items():
        result.left += who_changed_last(kind, sorted(ids), since=batch)
    return result


def _portions(batch: Batch) -> list[tuple[int, int]]:
    ids = list(batch.events.order_by("id").values_list("id", flat=True))
    return [(part[0], part[-1]) for part in (ids[i : i + PORTION] for i in range(0, len(ids), PORTION))]


# A row counts as left when its value is neither what the batch wrote nor already what was before.
_RESTORE = """
WITH told AS (
    SELECT e.subject_id AS id, (c.before {text}){type} AS before, (c.after {text}){type} AS after,
           c.before AS plain_before, c.after AS plain_after
    FROM records_event e JOIN records_change c ON c.event_id = e.id
    WHERE e.batch_id = %(batch)s AND e.id BETWEEN %(first)s AND %(last)s
      AND e.subject_kind = %(kind)s AND c.field = %(field)s
), held AS (
    SELECT t.*, r.{column} IS NOT DISTINCT FROM t.after AS is_ours, r.{column} IS NOT DISTINCT FROM t.before AS is_back
    FROM told t JOIN {table} r ON r.id = t.id {lock}
), {write}
SELECT array(SELECT id FROM held WHERE is_ours AND NOT is_back),
       array(SELECT id FROM held WHERE NOT is_ours AND NOT is_back)
"""
_WRITE = """u AS (
    UPDATE {table} r SET {column} = h.before FROM held h WHERE r.id = h.id AND h.is_ours AND NOT h.is_back
    RETURNING r.id, h.plain_before, h.plain_after
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, facts)
    SELECT %(at)s, %(by)s, 'undo', %(kind)s, u.id, e.customer_id,
           jsonb_build_object('batch', %(batch)s::bigint, 'fields', jsonb_build_array(%(field)s::text))
    FROM u JOIN records_event e ON e.batch_id = %(batch)s AND e.subject_kind = %(kind)s AND e.subject_id = u.id
     AND e.id BETWEEN %(first)s AND %(last)s
    RETURNING id, subject_id
), history AS (
    INSERT INTO records_change (event_id, field, before, after)
    SELECT l.id, %(field)s, u.plain_after, u.plain_before FROM logged l JOIN u ON u.id = l.subject_id
)"""


def _restore_field(
    batch: Batch, kind: str, name: str, first: int, last: int, *, by: Any, dry_run: bool
) -> tuple[list[int], list[int]]:
    model = kinds[kind].model
    target = model._meta.get_field(name)
    kept_as_json = target.get_internal_type() == "JSONField"
    names = {
        "table": connection.ops.quote_name(model._meta.db_table),
        "column": connection.ops.quote_name(target.column),
        "text": "" if kept_as_json else "#>> '{}'",
        "type": "" if kept_as_json else f"::{target.db_type(connection)}",
    }
    write = "nothing AS (SELECT 1)" if dry_run else _WRITE.format(**names)
    sql = _RESTORE.format(**names, write=write, lock="" if dry_run else "FOR NO KEY UPDATE OF r")
    told = {"batch": batch.pk, "first": first, "last": last, "kind": kind, "field": name}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, {**told, "at": timezone.now(), "by": by and by.pk})
        return cursor.fetchone()


undoers.add("bulk_edit", undo_field_changes)
