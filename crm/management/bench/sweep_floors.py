"""Hand-written SQL that changes the same rows as our sweeps and writes one log row each, in the same portions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from records.models import Batch

_LOG = """
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(now)s, %(by)s, %(verb)s, 'customer', id, id, %(batch)s, jsonb_build_object('from', was) FROM u
"""
_RECYCLE = f"""
WITH u AS (
    UPDATE customers_customer SET former_owner_id = owner_id, owner_id = NULL, team_id = NULL, pool_id = %(pool)s,
        entered_pool_at = %(now)s
    WHERE id IN (SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, former_owner_id AS was
) {_LOG}
"""
# Back to its owner: the customer and, because they carry the owner, whatever follows it.
_GIVE = """
WITH e AS MATERIALIZED ({chosen}), u AS (
    UPDATE customers_customer c SET owner_id = e.owner, team_id = e.team, pool_id = NULL, entered_pool_at = NULL,
        former_owner_id = coalesce(c.owner_id, c.former_owner_id), assigned_at = %(now)s
    FROM e WHERE c.id = e.id RETURNING c.id, e.was, e.owner, e.team
){copies} {log}
"""
_BACK = """
SELECT c.id, NULL::bigint AS was, u.id AS owner, u.team_id AS team
FROM records_event v JOIN customers_customer c ON c.id = v.subject_id JOIN accounts_user u ON u.id = c.former_owner_id
WHERE v.id = ANY(%(ids)s) AND c.owner_id IS NULL ORDER BY c.id FOR UPDATE OF c
"""
_TO_ONE = """
SELECT id, owner_id AS was, %(to)s::bigint AS owner, %(team)s::bigint AS team FROM customers_customer
WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
"""
_ASSIGN = """
WITH q AS MATERIALIZED (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) %% %(members)s AS turn
    FROM (SELECT id FROM leads_lead WHERE state = 'new' AND owner_id IS NULL AND deleted_at IS NULL
          ORDER BY id FOR UPDATE SKIP LOCKED LIMIT %(portion)s) x
), m AS (
    SELECT row_number() OVER (ORDER BY m.id) - 1 AS turn, u.id, u.team_id
    FROM leads_rulemember m JOIN accounts_user u ON u.id = m.user_id WHERE m.rule_id = %(rule)s
), u AS (
    UPDATE leads_lead l SET owner_id = m.id, team_id = m.team_id, state = 'assigned', assigned_at = %(now)s,
        rule_id = %(rule)s
    FROM q JOIN m USING (turn) WHERE l.id = q.id RETURNING l.id, m.id AS owner
)
INSERT INTO records_event (at, verb, subject_kind, subject_id, batch_id, facts)
SELECT %(now)s, 'assign', 'lead', id, %(batch)s, jsonb_build_object('to', owner) FROM u
"""


def recycle(ids: Sequence[int], *, pool: int, now: Any, portion: int) -> int:
    return _in_portions(_RECYCLE, ids, portion, verb="recycle", pool=pool, now=now)


def undo(batch: int, *, now: Any, portion: int) -> int:
    """By the batch's own events."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_event WHERE batch_id = %s ORDER BY id", [batch])
        events = [row[0] for row in cursor.fetchall()]
    return _in_portions(_given(_BACK), events, portion, verb="undo", now=now)


def reassign(ids: Sequence[int], *, to: Any, by: Any, now: Any, portion: int) -> int:
    return _in_portions(_given(_TO_ONE), ids, portion, verb="assign", to=to.pk, team=to.team_id, by=by.pk, now=now)


def assign(rule: Any, *, now: Any, portion: int) -> int:
    """By turns and no more: it knows no caps, no hours and no one off duty."""
    told = {
        "rule": rule.pk, "members": rule.members.count(), "portion": portion, "now": now,
        "batch": Batch.start("bench", by=None).pk,
    }  # fmt: skip
    moved = 0
    while done := _once(_ASSIGN, told):
        moved += done
    return moved


def _given(chosen: str) -> str:
    from customers.followers import follower_models

    copies = "".join(
        f""", copied_{number} AS (
    UPDATE {model._meta.db_table} f SET customer_owner = u.owner, customer_team = u.team FROM u
    WHERE f.customer_id = u.id AND (f.customer_owner, f.customer_team) IS DISTINCT FROM (u.owner, u.team))"""
        for number, model in enumerate(follower_models())
    )
    return _GIVE.format(chosen=chosen, copies=copies, log=_LOG)


def _in_portions(sql: str, ids: Sequence[int], portion: int, **told: Any) -> int:
    told = {"by": None, **told, "batch": Batch.start("bench", by=None).pk}
    starts = range(0, len(ids), portion)
    return sum(_once(sql, {**told, "ids": list(ids[start : start + portion])}) for start in starts)


def _once(sql: str, told: Mapping[str, Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, told)
        return cursor.rowcount
