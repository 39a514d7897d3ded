"""Takes back a night of the churn job, or cases decided at once from their list: cases that were opened go, cases that
were moved stand where they stood, with what had been typed before.

A case with a life of its own since (deferred, confirmed, edited) is left and listed.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from customers.derived import derive, lock_customers
from messaging.notices import take_back
from records.models import Batch
from records.undo import UndoResult, who_changed_last

PORTION = 2_000

_HELD = """
WITH told AS (
    SELECT id, subject_id, verb, facts FROM records_event
    WHERE batch_id = %(batch)s AND subject_kind = 'churn' AND id = ANY(%(events)s)
), held AS (
    SELECT t.*, h.customer_id, h.deleted_at IS NULL AND NOT EXISTS (
        SELECT FROM records_event e WHERE e.subject_kind = 'churn' AND e.subject_id = t.subject_id AND e.id > t.id
           AND e.batch_id IS DISTINCT FROM %(batch)s
    ) AND (t.verb <> 'create' OR h.state = 'open') AND (t.verb = 'create' OR h.state = t.facts->'state'->>1) AS is_ours,
    EXISTS (SELECT FROM records_event e WHERE e.subject_kind = 'churn' AND e.subject_id = t.subject_id AND e.id > t.id
       AND e.verb = 'undo' AND e.facts->>'batch' = %(batch)s::text) AS is_back
    FROM told t JOIN customers_churncase h ON h.id = t.subject_id {lock}
), {write}
SELECT array(SELECT subject_id FROM held WHERE is_ours),
       array(SELECT subject_id FROM held WHERE NOT is_ours AND NOT is_back)
"""
_WRITE = """gone AS (
    UPDATE customers_churncase h SET deleted_at = %(at)s, deleted_by_id = %(by)s FROM held
    WHERE h.id = held.subject_id AND held.is_ours AND held.verb = 'create' RETURNING h.id
), back AS (
    UPDATE customers_churncase h SET state = held.facts->'state'->>0, ended_on = NULL,
        measures = CASE WHEN held.verb = 'defer' THEN coalesce({measures}, '') ELSE h.measures END,
        deferred_until = CASE WHEN held.verb = 'defer' THEN ({deferred_until})::date ELSE h.deferred_until END,
        reason_id = CASE WHEN held.verb = 'confirm' THEN NULL ELSE h.reason_id END,
        confirmed_on = CASE WHEN held.verb = 'confirm' THEN NULL ELSE h.confirmed_on END,
        owner_at_confirm_id = CASE WHEN held.verb = 'confirm' THEN NULL ELSE h.owner_at_confirm_id END,
        team_at_confirm_id = CASE WHEN held.verb = 'confirm' THEN NULL ELSE h.team_at_confirm_id END,
        competitor = CASE WHEN held.verb = 'confirm' THEN '' ELSE h.competitor END,
        end_note = CASE WHEN held.verb = 'confirm' THEN '' ELSE h.end_note END
    FROM held WHERE h.id = held.subject_id AND held.is_ours AND held.verb <> 'create' RETURNING h.id
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, facts)
    SELECT %(at)s, %(by)s, 'undo', 'churn', subject_id, customer_id, jsonb_build_object('batch', %(batch)s::bigint)
    FROM held WHERE is_ours
)"""

_BEFORE = "(SELECT x.before #>> '{{}}' FROM records_change x WHERE x.event_id = held.id AND x.field = '{name}')"


def undo_churn(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    result, left = UndoResult(), []
    events = batch.events.filter(subject_kind="churn").exclude(verb="undo").order_by("customer_id", "id")
    told = list(events.values_list("id", "customer_id"))
    for start in range(0, len(told), PORTION):
        restored, missed = _portion(batch, told[start : start + PORTION], by=by, dry_run=dry_run)
        result.restored += len(restored)
        left += missed
    if not dry_run:
        take_back(batch)
    result.left = who_changed_last("churn", left, since=batch)
    return result


@transaction.atomic
def _portion(batch: Batch, told: list[tuple[int, int]], *, by: Any, dry_run: bool) -> tuple[list[int], list[int]]:
    customers = [customer for _event, customer in told]
    if not dry_run:
        lock_customers(customers)
    lock = "" if dry_run else "ORDER BY h.id FOR NO KEY UPDATE OF h"
    before = {name: _BEFORE.format(name=name) for name in ("measures", "deferred_until")}
    sql = _HELD.format(write="nothing AS (SELECT 1)" if dry_run else _WRITE.format(**before), lock=lock)
    params = {"batch": batch.pk, "events": [event for event, _customer in told], "at": timezone.now(),
              "by": by and by.pk}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    if not dry_run:
        derive(customers)
    return found
