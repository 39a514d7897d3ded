"""Who holds a customer: every change of owner or pool goes through here, one statement per portion.

The statement changes the customers, stamps what follows from it, brings the copies at the followers up and writes one
event per customer (SCALE: event log, sweep). Whoever decides *whether* somebody may (claim limits, recycle rules) does
so before, and locks in the house's order: person, pool, customer by id.

Facts of the event: ``from``/``to`` owner, ``from_pool``/``pool``, ``reason`` and ``rule`` when given. They suffice to
take a batch back.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.followers import follower_models
from customers.models import Customer
from records.log import plain
from records.refusals import Refused


def give(
    customer_ids: Iterable[int], *, by: Any, verb: str, to: Any = None, pool: Any = None, batch: Any = None,
    reason: str = "", rule: int | None = None, now: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Gives customers to one person, or lets them fall into a pool; returns the ids that were moved.

    Rows in the trash, and rows that are there already, stay as they are. ``reason`` is a dictionary code.
    """
    if (to is None) == (pool is None):
        raise ValueError("a customer goes to a person or into a pool")
    _refuse_inactive([to] if to else [])
    target = {"owner": to.pk if to else None, "team": to.team_id if to else None, "pool": pool.pk if pool else None}
    select = """SELECT id, %(owner)s::bigint AS to_owner, %(team)s::bigint AS to_team, %(pool)s::bigint AS to_pool
                FROM customers_customer
                WHERE id = ANY(%(ids)s) AND deleted_at IS NULL
                  AND (owner_id, pool_id) IS DISTINCT FROM (%(owner)s::bigint, %(pool)s::bigint)
                ORDER BY id FOR UPDATE"""
    params = {"ids": list(customer_ids), **target}
    return give_chosen(
        select, params, by=by, verb=verb, batch=batch, facts=_facts(reason, rule), now=now, is_gain=to is not None
    )


def give_each(
    owners: Mapping[int, Any], *, by: Any, verb: str, batch: Any = None, reason: str = "", rule: int | None = None,
    now: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Gives each customer to a person of its own: customer id → user."""
    _refuse_inactive(owners.values())
    select = """SELECT c.id, g.owner AS to_owner, g.team AS to_team, NULL::bigint AS to_pool
                FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[], %(teams)s::bigint[]) AS g(id, owner, team)
                JOIN customers_customer c ON c.id = g.id
                WHERE c.deleted_at IS NULL AND c.owner_id IS DISTINCT FROM g.owner
                ORDER BY c.id FOR UPDATE OF c"""
    people = list(owners.values())
    params = {"ids": list(owners), "owners": [p.pk for p in people], "teams": [p.team_id for p in people]}
    return give_chosen(select, params, by=by, verb=verb, batch=batch, facts=_facts(reason, rule), now=now)


@transaction.atomic
def give_chosen(
    select: str, params: Mapping[str, Any], *, by: Any, verb: str, batch: Any = None, facts: Mapping | None = None,
    now: datetime | None = None, is_gain: bool = True,
) -> list[int]:  # fmt: skip
    """The same for a sweep that chooses by its own rule: ``select`` yields id, to_owner, to_team, to_pool and locks the
    rows (``FOR UPDATE [SKIP LOCKED] LIMIT …``). ``is_gain=False`` when all of them fall into pools: the copies at the
    followers may then stay as they are.
    """
    values = {
        **params,
        "now_": now or timezone.now(),
        "at_": timezone.now(),
        "by_": getattr(by, "pk", None),
        "verb_": verb,
        "batch_": getattr(batch, "pk", None),
        "facts_": json.dumps(plain(dict(facts or {}))),
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(select, is_gain=is_gain), values)
        return [row[0] for row in cursor.fetchall()]


def give_one(customer: Customer, **how: Any) -> bool:
    """The same for one customer, which is read anew; False when it was there already."""
    moved = bool(give([customer.pk], **how))
    customer.refresh_from_db()
    return moved


def bring_up_copies(customer_ids: Iterable[int]) -> None:
    """The copies at all followers of these customers, after rows went from one to another."""
    with connection.cursor() as cursor:
        for model in follower_models():
            cursor.execute(_COPIES_OF.format(table=model._meta.db_table), [list(customer_ids)])


_COPIES_OF = """
UPDATE {table} f SET customer_owner = c.owner_id, customer_team = c.team_id FROM customers_customer c
WHERE c.id = ANY(%s) AND f.customer_id = c.id AND c.owner_id IS NOT NULL
  AND (f.customer_owner, f.customer_team) IS DISTINCT FROM (c.owner_id, c.team_id)
"""


def _statement(select: str, *, is_gain: bool) -> str:
    copies = "".join(_copies(model._meta.db_table) for model in follower_models()) if is_gain else ""
    return f"""
    WITH chosen AS MATERIALIZED (
        SELECT s.*, c.owner_id AS from_owner, c.pool_id AS from_pool
        FROM ({select}) s JOIN customers_customer c ON c.id = s.id
    ), moved AS (
        UPDATE customers_customer c SET
            owner_id = s.to_owner,
            team_id = s.to_team,
            pool_id = s.to_pool,
            former_owner_id = coalesce(c.owner_id, c.former_owner_id),
            assigned_at = CASE WHEN s.to_owner IS NULL THEN c.assigned_at ELSE %(now_)s END,
            entered_pool_at = CASE WHEN s.to_owner IS NULL THEN %(now_)s END,
            protected_until = CASE WHEN s.to_owner IS NOT NULL THEN c.protected_until END
        FROM chosen s WHERE c.id = s.id
        RETURNING c.id, s.from_owner, s.to_owner, s.to_team, s.from_pool, s.to_pool
    ){copies}
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at_)s, %(by_)s, %(verb_)s, 'customer', id, id, %(batch_)s,
           jsonb_strip_nulls(jsonb_build_object(
               'from', from_owner, 'to', to_owner, 'from_pool', from_pool, 'pool', to_pool)) || %(facts_)s::jsonb
    FROM moved RETURNING subject_id
    """


def _copies(table: str) -> str:
    return f""", copied_{table} AS (
        UPDATE {table} f SET customer_owner = m.to_owner, customer_team = m.to_team
        FROM moved m WHERE f.customer_id = m.id AND m.to_owner IS NOT NULL
          AND (f.customer_owner, f.customer_team) IS DISTINCT FROM (m.to_owner, m.to_team)
    )"""


def _facts(reason: str, rule: int | None) -> dict[str, Any]:
    return {name: value for name, value in (("reason", reason), ("rule", rule)) if value}


def _refuse_inactive(people: Iterable[Any]) -> None:
    for person in people:
        if not person.is_active:
            raise Refused(_("%(name)s is not active.") % {"name": person}, reason="inactive")
