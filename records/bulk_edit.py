"""One field of many records at once: one statement per field and portion, never a loop of saves."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

# A Change keeps decimals as text without idle zeros, moments and days as ISO: as records.log.plain writes them.
_PLAIN = {
    "DecimalField": "to_jsonb(trim_scale({value})::text)",
    "AmountField": "to_jsonb(trim_scale({value})::text)",
}
_EDIT = """
WITH held AS (
    SELECT id, {column} AS before FROM {table}
    WHERE id = ANY(%(ids)s) AND deleted_at IS NULL AND {column} IS DISTINCT FROM %(value)s::{type}
    ORDER BY id FOR NO KEY UPDATE
), u AS (
    UPDATE {table} r SET {column} = %(value)s::{type} FROM held h WHERE r.id = h.id
    RETURNING r.id, {customer} AS customer_id, h.before, r.{column} AS after
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, %(by)s, 'change', %(kind)s, id, customer_id, %(batch)s,
           jsonb_build_object('fields', jsonb_build_array(%(field)s::text)) FROM u
    RETURNING id, subject_id
), history AS (
    INSERT INTO records_change (event_id, field, before, after)
    SELECT l.id, %(field)s, {before_json}, {after_json} FROM logged l JOIN u ON u.id = l.subject_id
)
SELECT count(*) FROM u
"""


@transaction.atomic
def bulk_edit(model: Any, ids: Iterable[int], field: str, value: Any, *, by: Any, batch: Any) -> int:
    """Sets ``field`` to ``value`` (a record by its id) on the records of these ids; returns how many it changed.

    Only for EDITABLE fields from which nothing follows (``derived``, search rows): such a field has a verb of its own.
    Undone by the undoer of ``bulk_edit`` batches.
    """
    if field not in model.EDITABLE:
        raise ValueError(f"not editable on {model.kind}: {field}")
    told = {
        "ids": list(ids), "value": value, "at": timezone.now(), "by": by and by.pk, "kind": model.kind, "field": field,
        "batch": batch.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, model._meta.get_field(field)), told)
        return cursor.fetchone()[0]


def _statement(model: Any, target: models.Field) -> str:
    plain = _PLAIN.get(type(target).__name__, "to_jsonb({value})")
    return _EDIT.format(
        table=connection.ops.quote_name(model._meta.db_table),
        column=connection.ops.quote_name(target.column),
        type=target.db_type(connection),
        customer=_customer(model),
        before_json=plain.format(value="u.before"),
        after_json=plain.format(value="u.after"),
    )


def _customer(model: Any) -> str:
    """The customer in whose timeline the events stand, as SQL over the row ``r``."""
    if model.kind == "customer":
        return "r.id"
    return "r.customer_id" if any(f.attname == "customer_id" for f in model._meta.concrete_fields) else "NULL::bigint"
