"""What settles itself: a customer that buys again is kept, or won back; what was deferred comes back on its day."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Company
from customers.models import ChurnCase
from customers.states import CHURN_MOVES, ChurnState

# What somebody holds at this moment waits for the next night; who called us holds his customers himself.
_MOVE = """
WITH held AS (
    SELECT h.id, h.customer_id, h.state, c.owner_id FROM customers_churncase h
    JOIN customers_customer c ON c.id = h.customer_id
    WHERE h.id = ANY(%(ids)s) AND h.state = ANY(%(sources)s) AND h.deleted_at IS NULL
    ORDER BY c.id, h.id FOR NO KEY UPDATE OF c, h SKIP LOCKED
), moved AS (
    UPDATE customers_churncase h SET state = %(target)s, ended_on = %(ended_on)s::date
    FROM held WHERE h.id = held.id RETURNING h.id
), logged AS (
    INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, %(verb)s, 'churn', held.id, held.customer_id, %(batch)s,
           jsonb_build_object('state', jsonb_build_array(held.state, %(target)s::text)) FROM held JOIN moved USING (id)
)
SELECT customer_id, owner_id FROM held
"""
_ENDS = (ChurnState.KEPT, ChurnState.WON_BACK)


def settle(ids: list[int]) -> None:
    """Of these customers, locked by the caller, who bought since; in the transaction of the order."""
    today = timezone.now().astimezone(Company.get().zone).date()
    for verb, cases in bought_since().items():
        found = list(cases.filter(customer__in=ids).values_list("pk", flat=True))
        if found:
            move_many(found, verb, on=today)


def bought_since() -> dict[str, QuerySet[ChurnCase]]:
    """Verb → the cases that it ends. A rule opens at night, before that day's orders; a person at any hour."""
    after = Q(customer__last_order_on__gt=F("opened_on"))
    after |= Q(customer__last_order_on=F("opened_on"), rule__isnull=False)
    cases = ChurnCase.objects.live().order_by("customer_id", "pk")
    return {
        "keep": cases.unsettled().filter(after),
        "win_back": cases.filter(state=ChurnState.CONFIRMED, customer__last_order_on__gt=F("confirmed_on")),
    }


def returning(today: datetime.date) -> QuerySet[ChurnCase]:
    """Deferred until today, or earlier when a night was missed."""
    rows = ChurnCase.objects.live().filter(state=ChurnState.DEFERRED, deferred_until__lte=today)
    return rows.order_by("customer_id", "pk")


def move_many(ids: Iterable[int], verb: str, *, on: datetime.date, batch: Any = None) -> list[tuple[int, int | None]]:
    """The system's verb on cases whose state still allows it: (customer, its owner) of each that moved."""
    sources, target = CHURN_MOVES[verb]
    params = {
        "ids": list(ids), "sources": sorted(sources), "target": target, "verb": verb, "at": timezone.now(),
        "batch": batch and batch.pk, "ended_on": on if target in _ENDS else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, params)
        return cursor.fetchall()
