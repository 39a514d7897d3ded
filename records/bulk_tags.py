"""A tag on many records at once, or off them: one statement per portion, with its undo."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from records.kinds import kinds
from records.models import Batch, Tag
from records.undo import UndoResult, undoers

ADD, REMOVE = "bulk_tag", "bulk_untag"

_CHANGE = {
    ADD: """INSERT INTO records_tagging (tag_id, subject_kind, subject_id)
            SELECT %(tag)s, %(kind)s, id FROM unnest(%(ids)s::bigint[]) AS chosen(id)
            ON CONFLICT DO NOTHING RETURNING subject_id""",
    REMOVE: """DELETE FROM records_tagging WHERE tag_id = %(tag)s AND subject_kind = %(kind)s
               AND subject_id = ANY(%(ids)s::bigint[]) RETURNING subject_id""",
}
_LOG = """
WITH changed AS ({change}), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, %(by)s, %(verb)s, %(kind)s, subject_id, {customer}, %(batch)s,
           jsonb_build_object('tags', jsonb_build_array(%(tag)s::bigint)) FROM changed {join}
)
SELECT subject_id FROM changed
"""
_VERBS = {ADD: "tag", REMOVE: "untag"}


def tag_by_name(name: str) -> Tag:
    """The tag of this name, made if there is none."""
    name = " ".join(name.split())[:60]
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.get_or_create(name=name)[0]


@transaction.atomic
def bulk_tag(model: Any, ids: Iterable[int], tag_id: int, *, by: Any, batch: Any, remove: bool = False) -> int:
    """Adds the tag to the records that lack it, or takes it off those that have it; returns how many changed."""
    return len(_change(model, list(ids), tag_id, by=by, batch_id=batch.pk, way=REMOVE if remove else ADD))


def _change(model: Any, ids: list[int], tag_id: int, *, by: Any, batch_id: int | None, way: str) -> list[int]:
    sql = _LOG.format(change=_CHANGE[way], **_customer(model))
    told = {
        "ids": ids, "tag": tag_id, "kind": model.kind, "at": timezone.now(), "by": by and by.pk, "verb": _VERBS[way],
        "batch": batch_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return [pk for (pk,) in cursor.fetchall()]


def _customer(model: Any) -> dict[str, str]:
    if model.kind == "customer":
        return {"customer": "subject_id", "join": ""}
    if any(field.attname == "customer_id" for field in model._meta.concrete_fields):
        table = connection.ops.quote_name(model._meta.db_table)
        return {"customer": "r.customer_id", "join": f"JOIN {table} r ON r.id = subject_id"}
    return {"customer": "NULL::bigint", "join": ""}


def undo_bulk_tag(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Takes the tag off again where the batch put it, and puts it back where the batch took it off."""
    way = REMOVE if batch.verb == ADD else ADD
    result = UndoResult()
    for kind in batch.events.values_list("subject_kind", flat=True).distinct():
        ids = list(batch.events.filter(subject_kind=kind).values_list("subject_id", flat=True))
        if dry_run:
            result.restored += len(ids)
        elif ids:
            tag_id = batch.events.filter(subject_kind=kind).latest("id").facts["tags"][0]
            with transaction.atomic():
                result.restored += len(_change(kinds[kind].model, ids, tag_id, by=by, batch_id=None, way=way))
    return result


undoers.add(ADD, undo_bulk_tag)
undoers.add(REMOVE, undo_bulk_tag)
