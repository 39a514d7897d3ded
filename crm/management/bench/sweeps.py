"""Rows of kind ``sweep``: what changes many rows at once, against the hand-written SQL that changes the same rows, in
the same portions, and writes one log row each.

All of it happens in a transaction that is rolled back: the next run finds the same rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crm.lists import bulk
from crm.lists.spec import lists
from crm.management.bench import sweep_floors as floors
from crm.management.bench.rows import Pair, Row, rows
from customers import recycle as recycling
from customers import undo as undoing
from customers.models import Customer, Pool, RecycleRule
from leads import assign as assigning
from leads.models import AssignmentRule, Lead, RuleMember
from records.models import Batch, Event

IDLE_DAYS = 80  # of 90 over which the seed spreads the last contacts: a ninth of all that have an owner
MOST_REASSIGNED = 4_000  # with all that carries their owner: 20,000 took a quarter of an hour a turn
MEMBERS = 50


def register() -> None:
    for name, about, prepare, limit in (
        ("recycle", "customers fall into the pool", _recycle, 0),
        ("undo", "the same go back to their owners", _undo, 0),
        ("reassign", "the list's bulk action gives customers to one person", _reassign, 0),
        ("assign", "leads in the queue go to people by turns", _assign, 3.0),
    ):
        rows.add(f"sweep.{name}", Row(f"sweep.{name}", "sweep", about, prepare, times=3, limit=limit))


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- recycle and its undo ---


@contextmanager
def _with_rule() -> Iterator[RecycleRule]:
    with _rolled_back():
        RecycleRule.objects.update(is_active=False)
        Pool.objects.update(brake_percent=100)
        yield RecycleRule.objects.create(pool=Pool.default(), name="Bench", is_active=True, idle_days=IDLE_DAYS)


def _recycle() -> Pair:
    now = timezone.now()
    due = _due_ids(now)
    return Pair(
        lambda rule: recycling.recycle(now=now).moved,
        lambda rule: floors.recycle(due, pool=rule.pool_id, now=now, portion=recycling.PORTION),
        same=lambda ours, bare: ours == bare == len(due) > 0,
        around=_with_rule,
    )


def _due_ids(now: Any) -> list[int]:
    """What the rule would move, so that the floor changes the same rows."""
    with _with_rule():
        batch = recycling.recycle(now=now).batch
        return list(Event.objects.filter(batch=batch).order_by("subject_id").values_list("subject_id", flat=True))


def _undo() -> Pair:
    return Pair(
        lambda batch: undoing.undo_ownership(batch, by=None, dry_run=False).restored,
        lambda batch: floors.undo(batch.pk, now=timezone.now(), portion=undoing.PORTION),
        same=lambda ours, bare: ours == bare > 0,
        around=_recycled,
    )


@contextmanager
def _recycled() -> Iterator[Batch]:
    with _with_rule():
        batch = recycling.recycle(now=timezone.now()).batch
        assert batch is not None, "nothing was due"
        yield batch


# --- reassign: the bulk action of the customers list ---


def _reassign() -> Pair:
    by, to = User.objects.get(username="olga"), User.objects.get(username="bob")
    owned = Customer.objects.live().filter(owner__isnull=False).exclude(owner=to)
    ids = list(owned.order_by("pk").values_list("pk", flat=True)[:MOST_REASSIGNED])

    def ours(_: Any) -> int:
        return _run_bulk(ids, to=to, by=by)

    return Pair(
        ours,
        lambda _: floors.reassign(ids, to=to, by=by, now=timezone.now(), portion=bulk.PORTION),
        same=lambda done, bare: done == bare == len(ids),
        around=_rolled_back,
    )


def _run_bulk(ids: list[int], *, to: User, by: User) -> int:
    action = lists["customers"].action("assign")
    assert action is not None
    params = {"list": "customers", "action": "assign", "ids": ids, "query": "", "values": {"to": to.pk}}
    batch = Batch.start(action.verb, by=by, title="Bench", params=params)
    bulk.run_bulk(batch)
    batch.refresh_from_db()
    return batch.counts["done"]


# --- assign: the job over the leads that wait ---


@contextmanager
def _with_ring() -> Iterator[AssignmentRule]:
    with _rolled_back():
        AssignmentRule.objects.update(is_active=False)
        rule = AssignmentRule.objects.create(name="Bench", is_active=True)
        people = User.objects.filter(username__startswith="person").order_by("pk")[:MEMBERS]
        RuleMember.objects.bulk_create(RuleMember(rule=rule, user=person) for person in people)
        yield rule


def _assign() -> Pair | None:
    if not Lead.objects.waiting().exists():
        return None
    now = timezone.now()
    return Pair(
        lambda rule: assigning.assign_leads(now=now).moved,
        lambda rule: floors.assign(rule, now=now, portion=assigning.PORTION),
        same=lambda ours, bare: ours == bare > 0,
        around=_with_ring,
    )
