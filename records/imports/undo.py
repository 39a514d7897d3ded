"""Undo of an import: what it added and nobody touched since goes to the trash; what it changed gets its value back."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import Team
from accounts.newcomers import forget_newcomers, may_be_forgotten
from records.imports.importables import importables
from records.kinds import kinds
from records.models import Batch, Collaborator, Event
from records.undo import PORTION, UndoResult, undo_field_changes, who_changed_last

# Kinds whose rows hang on others come first, so that an imported customer is free once its imported contacts are gone.
_ADDED = ("import", "create")


def undo_import(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Set-based, in portions; may be called again after a kill."""
    result = undo_field_changes(batch, by=by, dry_run=dry_run)
    for kind in _kinds_added(batch):
        _take_back(batch, kind, result, by=by, dry_run=dry_run)
    if batch.params.get("kind") == "user":
        _take_people_back(batch, result, dry_run=dry_run)
    return result


def _kinds_added(batch: Batch) -> list[str]:
    added = batch.events.filter(verb__in=_ADDED).exclude(subject_kind="user").order_by("subject_kind")
    found = added.values_list("subject_kind", flat=True).distinct()
    return sorted(found, key=lambda kind: kind == "customer")


def _take_back(batch: Batch, kind: str, result: UndoResult, *, by: Any, dry_run: bool) -> None:
    for ids in _portions(batch, kind):
        with transaction.atomic():
            free = _free(batch, kind, ids, lock=not dry_run)
            if not dry_run and free:
                _trash(batch, kind, free, by=by)
                if (importable := importables.get(kind)) and importable.after_undo:
                    importable.after_undo(free)
        result.restored += len(free)
        kept = sorted(set(_still_there(kind, ids)) - set(free)) if not dry_run else sorted(set(ids) - set(free))
        result.left += who_changed_last(kind, kept, since=batch)


def _portions(batch: Batch, kind: str) -> Iterable[list[int]]:
    events = batch.events.filter(verb__in=_ADDED, subject_kind=kind).order_by("subject_id")
    ids = list(events.values_list("subject_id", flat=True))
    yield from (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def _free(batch: Batch, kind: str, ids: list[int], *, lock: bool) -> list[int]:
    """Rows that are as the import left them: no later event about them, and nothing of others at their customer.

    A customer's version rises also with its derived state; whatever a person does there leaves an event.
    """
    table = kinds[kind].model._meta.db_table
    at_customer = "OR e.customer_id = t.id" if kind == "customer" else ""
    untouched = "true" if kind == "customer" else "t.version = 1"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.id FROM {table} t WHERE t.id = ANY(%(ids)s) AND t.deleted_at IS NULL AND {untouched}
                  AND NOT EXISTS (
                    SELECT 1 FROM records_event e WHERE e.batch_id IS DISTINCT FROM %(batch)s
                       AND ((e.subject_kind = %(kind)s AND e.subject_id = t.id) {at_customer})
                       AND e.verb <> 'undo'
                       -- What was taken back itself holds nobody.
                       AND NOT EXISTS (SELECT 1 FROM records_event u WHERE u.verb = 'undo' AND u.id > e.id
                                       AND u.subject_kind = e.subject_kind AND u.subject_id = e.subject_id))
                ORDER BY t.id {"FOR UPDATE OF t" if lock else ""}""",
            {"ids": ids, "batch": batch.pk, "kind": kind},
        )
        return [row[0] for row in cursor.fetchall()]


def _still_there(kind: str, ids: list[int]) -> list[int]:
    rows: models.QuerySet = kinds[kind].model._base_manager.filter(pk__in=ids, deleted_at__isnull=True)
    return list(rows.values_list("pk", flat=True))


def _trash(batch: Batch, kind: str, ids: list[int], *, by: Any) -> None:
    """Out of lists, sums and duplicate checks; the number of another system is free to come in again."""
    Collaborator.objects.filter(because_kind=kind, because_id__in=ids).delete()
    model = kinds[kind].model
    has_number = any(field.name == "external_id" for field in model._meta.concrete_fields)
    free_number = ", external_id = ''" if has_number else ""
    at = {"ids": ids, "by": by and by.pk, "now": timezone.now(), "batch": batch.pk, "kind": kind}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH gone AS (
                    UPDATE {model._meta.db_table} SET deleted_at = %(now)s, deleted_by_id = %(by)s{free_number}
                    WHERE id = ANY(%(ids)s) RETURNING id)
                INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, facts)
                SELECT %(now)s, %(by)s, 'undo', %(kind)s, gone.id, e.customer_id,
                       jsonb_build_object('batch', %(batch)s::bigint)
                FROM gone LEFT JOIN LATERAL (
                    SELECT customer_id FROM records_event e WHERE e.batch_id = %(batch)s
                       AND e.subject_kind = %(kind)s AND e.subject_id = gone.id LIMIT 1) e ON true""",
            at,
        )


def _take_people_back(batch: Batch, result: UndoResult, *, dry_run: bool) -> None:
    """People who never signed in and hold nothing; then the teams that came with them and are empty."""
    ids = list(
        Event.objects.filter(batch=batch, subject_kind="user", verb="import").values_list("subject_id", flat=True)
    )
    free = may_be_forgotten(ids)
    result.restored += len(free)
    result.left += [{"kind": "user", "id": pk, "by": None, "at": None} for pk in sorted(set(ids) - set(free))]
    if dry_run:
        return
    with transaction.atomic():
        teams = Team.objects.filter(pk__in=batch.params.get("teams", []))
        teams.filter(supervisor_id__in=free).update(supervisor=None)
        forget_newcomers(free)
        for team in teams.order_by("-pk"):  # what lies below was made later
            if not team.members.exists() and not team.children.exists():
                team.delete()
