"""The nightly run: who falls, who is kept, what is said of it, and that nothing happens twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Company
from customers.conditions import EXEMPTS, Condition, conditions
from customers.models import Customer, Pool, RecycleRule
from customers.recycle import recycle
from messaging.models import Notice
from records.jobs import run_job
from records.models import Batch, Event, JobRun
from records.undo import undo_batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 2, tzinfo=UTC)  # a Wednesday


def rule(**fields):
    fields = {"name": "Cold", "idle_days": 30, "is_active": True, **fields}
    return RecycleRule.objects.create(pool=fields.pop("pool", None) or Pool.default(), **fields)


def cold(owner, name="Cold Ltd", *, days=40, **fields):
    """Nobody touched it for so many days."""
    row = customer(name, owner=owner, **fields)
    moment = NOW - timedelta(days=days)
    Customer.objects.filter(pk=row.pk).update(assigned_at=moment, created_at=moment)
    return row


def moved(now=NOW, **how):
    recycle(now=now, **how)
    return set(Customer.objects.filter(owner=None).values_list("name", flat=True))


def said(*arguments):
    out = StringIO()
    call_command("run_job", "customers.recycle", "--at", NOW.isoformat(), *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_without_a_rule_nothing_moves(alice):
    cold(alice)
    assert recycle(now=NOW).moved == 0


def test_a_cold_customer_falls_into_the_pool_and_its_owner_is_told(alice):
    one = rule()
    lost, kept = cold(alice), cold(alice, "Warm Ltd", days=10)
    outcome = recycle(now=NOW)
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert (lost.owner, lost.pool, lost.former_owner, lost.entered_pool_at) == (None, Pool.default(), alice, NOW)
    assert kept.owner == alice
    assert (outcome.moved, outcome.batch.counts) == (1, {"moved": 1})
    event = Event.objects.get(verb="recycle")
    assert (event.by, event.batch) == (None, outcome.batch)
    assert event.facts == {"from": alice.pk, "pool": Pool.default().pk, "rule": one.pk}
    assert [(n.user, n.kind, n.count) for n in Notice.objects.all()] == [(alice, "recycled", 1)]


@pytest.mark.parametrize(("days", "falls"), [(29, False), (30, True), (31, True)])
def test_days_are_counted_to_the_day(alice, days, falls):
    rule(idle_days=30)
    cold(alice, days=days)
    assert bool(moved()) is falls


def test_the_later_of_activity_and_assignment_counts(alice):
    rule()
    for name, contact, assigned in (("called", 5, 90), ("given", 90, 5), ("neither", 90, 90)):
        row = cold(alice, name, days=assigned)
        Customer.objects.filter(pk=row.pk).update(last_contact_at=NOW - timedelta(days=contact))
    assert moved() == {"neither"}


@pytest.mark.parametrize(("both", "fallen"), [(False, {"idle", "unsold", "neither"}), (True, {"neither"})])
def test_either_limit_or_both(alice, both, fallen):
    rule(idle_days=30, order_days=60, needs_both=both)
    for name, contact, order in (("fine", 1, 1), ("idle", 50, 1), ("unsold", 1, 90), ("neither", 50, 90)):
        row = cold(alice, name, days=200)
        facts = {
            "last_contact_at": NOW - timedelta(days=contact),
            "last_order_on": (NOW - timedelta(days=order)).date(),
        }
        Customer.objects.filter(pk=row.pk).update(**facts)
    assert moved() == fallen


def test_the_first_rule_that_names_a_kind_holds_for_it(alice, bob, charlie):
    rule(name="Never lose A", order=1, idle_days=3000, grades=["A"])
    rule(name="South", order=2, idle_days=10, teams=[charlie.team_id])
    rule(name="Rest", order=3, idle_days=30)
    cold(alice, "A", days=500, grade="A")
    cold(charlie, "south", days=15)
    cold(bob, "north", days=15)
    cold(bob, "north cold", days=31)
    assert moved() == {"south", "north cold"}


def test_a_rule_for_a_team_means_all_below_it(alice, south):
    below = alice.team
    below.parent = south
    below.save()
    rule(teams=[south.pk])
    cold(alice)
    assert moved() == {"Cold Ltd"}


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"states": ["repeat"]}, {"sources": [10**9]}, {"teams": [10**9]}]
)
def test_what_no_rule_in_force_names_stays(alice, fields):
    rule(**fields)
    cold(alice)
    assert not moved()


def test_protected_fresh_trashed_and_pooled_stay(alice, monkeypatch):
    rule(order_days=30, idle_days=None, fresh_days=60)
    cold(alice, "protected", days=90, protected_until=NOW + timedelta(hours=1))
    cold(alice, "protected no more", days=90, protected_until=NOW)
    cold(alice, "fresh", days=59)
    cold(alice, "trashed", days=90).trash(by=alice)
    assert moved() == {"protected no more"}


def test_a_condition_of_a_higher_room_keeps_a_customer(alice, monkeypatch):
    from django.db.models import Exists, OuterRef

    held = Condition("kept", lambda choice: Exists(Customer.objects.filter(pk=OuterRef("pk"), city=choice)), EXEMPTS)
    monkeypatch.setattr(conditions, "_items", {**conditions._items, "test_city": held})
    rule(exempt={"test_city": "Riga", "gone_with_its_room": True})
    cold(alice, "kept", city="Riga")
    cold(alice, "lost")
    assert moved() == {"lost"}


def test_working_days_leave_out_weekends_and_holidays(alice):
    Company(country="DE", has_public_holidays=True).save()
    rule(idle_days=5, counts_working_days=True)
    # Back from Wednesday 14 May 2031: 14, 13, 12, 9, 8; the weekend of the 10th lies between.
    cold(alice, "due", days=7)
    cold(alice, "not yet", days=6)
    assert moved() == {"due"}


def test_a_holiday_gives_a_day_more(alice):
    Company(country="DE", has_public_holidays=True).save()
    rule(idle_days=1, counts_working_days=True)
    cold(alice, "", days=1)
    first_of_may = datetime(2031, 5, 1, 2, tzinfo=UTC)
    Customer.objects.update(assigned_at=first_of_may - timedelta(hours=12))
    assert not moved(now=first_of_may)
    assert moved(now=first_of_may + timedelta(days=1))


def test_days_are_those_of_the_company(alice):
    Company(time_zone="Pacific/Auckland").save()
    rule(idle_days=1)
    row = cold(alice, days=1)
    # 13:00 UTC is already tomorrow there.
    Customer.objects.filter(pk=row.pk).update(assigned_at=datetime(2031, 5, 13, 13, tzinfo=UTC))
    assert not moved(now=datetime(2031, 5, 14, 11, tzinfo=UTC))
    assert moved(now=datetime(2031, 5, 14, 12, 30, tzinfo=UTC))


def test_twice_moves_nothing_twice(alice):
    rule()
    cold(alice)
    assert run_job("customers.recycle", now=NOW).moved == 1
    assert run_job("customers.recycle", now=NOW).moved == 0
    assert Batch.objects.count() == Event.objects.filter(verb="recycle").count() == Notice.objects.count() == 1


def test_portions_add_up_to_one_batch_and_one_notice_per_person(alice, bob, monkeypatch):
    monkeypatch.setattr("customers.recycle.PORTION", 3)
    rule()
    for number in range(10):
        cold(alice if number % 5 else bob, f"C{number}")
    outcome = recycle(now=NOW)
    assert outcome.batch.counts == {"moved": 10}
    assert Event.objects.filter(batch=outcome.batch, verb="recycle").count() == 10
    assert sorted((n.user.username, n.count) for n in Notice.objects.all()) == [("alice", 8), ("bob", 2)]


def test_a_dry_run_says_what_the_run_then_does(alice, bob):
    rule()
    for number in range(3):
        cold(alice if number else bob, f"C{number}")
    foreseen = said("--dry-run")
    assert foreseen == [
        "Cold: 3 customers to “Shared pool”, because no activity for 30 days (Alice 2, Bob 1)",
        "would move 3",
    ]
    assert not Batch.objects.exists() and not Notice.objects.exists() and not JobRun.objects.exists()
    done = said()
    assert done[:-1] == foreseen[:-1]
    assert done[-1] == f"batch {Batch.objects.get().pk}: 3 moved"
    assert said()[-1] == "nothing to do"


def test_the_brake_stops_a_run_that_would_move_too_much(alice, bob, tess):
    Pool.objects.update(brake_percent=50)
    Pool.default().memberships.create(user=tess, is_administrator=True)
    rule()
    cold(alice, "cold one"), cold(bob, "cold two"), cold(alice, "warm", days=1)
    held, *foreseen = said("--dry-run")
    assert held.startswith("Stopped by the brake")
    assert foreseen == [
        "Cold: 2 customers to “Shared pool”, because no activity for 30 days (Alice 1, Bob 1)",
        "nothing to do",
    ]
    lines = said()
    assert lines == [
        "Stopped by the brake of the pool “Shared pool”: 2 of 3 customers (66 %) would move, more than 50 %.",
        "nothing to do",
    ]
    assert JobRun.objects.get().state == "stopped"
    assert [(n.user, n.kind) for n in Notice.objects.all()] == [(tess, "recycle_stopped")]
    assert said("--force")[-1].endswith("2 moved")


def test_a_share_at_the_brake_passes(alice):
    Pool.objects.update(brake_percent=50)
    rule()
    cold(alice, "cold"), cold(alice, "warm", days=1)
    assert said()[-1].endswith("1 moved")


def test_one_pools_brake_does_not_stop_another(alice, bob):
    other = Pool.objects.create(name="Other", brake_percent=10)
    rule(name="A", order=1, pool=other, grades=["A"])
    rule(name="Rest", order=2)
    cold(alice, "a", grade="A"), cold(bob, "d")
    assert moved() == {"d"}


def test_a_customer_that_somebody_holds_is_left_for_the_next_run(alice, transactional_db):
    rule()
    busy = cold(alice)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE customers_customer SET comment = 'x' WHERE id = %s", [busy.pk])
        assert not moved()
        other.rollback()
    finally:
        other.close()
    assert moved() == {"Cold Ltd"}


def test_a_missed_week_acts_once_and_as_one_run_at_that_moment(alice):
    rule()
    cold(alice, "long due", days=37), cold(alice, "due today", days=30), cold(alice, "due tomorrow", days=29)
    assert moved() == {"long due", "due today"}
    assert moved(now=NOW + timedelta(days=1)) == {"long due", "due today", "due tomorrow"}


def test_undo_gives_back_what_nobody_claimed_and_lists_the_rest(alice, bob):
    rule()
    rows = [cold(alice, f"C{n}") for n in range(3)]
    batch = recycle(now=NOW).batch
    from customers.claim import claim

    claim(rows[0].pk, by=bob)
    result = undo_batch(batch, by=None)
    assert (result.restored, [(r["id"], r["by"]) for r in result.left]) == (2, [(rows[0].pk, bob.name)])
    assert Customer.objects.filter(owner=alice, team=alice.team, pool=None).count() == 2
    assert not Notice.objects.filter(kind="recycled").exists()


def test_what_was_undone_is_not_moved_again_the_next_night(alice):
    rule()
    cold(alice)
    undo_batch(recycle(now=NOW).batch, by=None)
    Customer.objects.update(assigned_at=NOW)  # the undo was an assignment; its real time is not this test's
    assert recycle(now=NOW + timedelta(days=1)).moved == 0


def test_an_undo_that_was_killed_goes_on(alice, monkeypatch):
    monkeypatch.setattr("customers.undo.PORTION", 2)
    rule()
    rows = [cold(alice, f"C{n}") for n in range(4)]
    batch = recycle(now=NOW).batch
    import customers.undo as undo

    real, calls = undo.give_chosen, []

    def dies_second_time(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(undo, "give_chosen", dies_second_time)
    with pytest.raises(KeyboardInterrupt):
        undo_batch(batch, by=None)
    assert Customer.objects.filter(owner=alice).count() == 2
    result = undo_batch(batch, by=None)
    assert (result.restored, result.left) == (2, [])
    assert Customer.objects.filter(owner=alice, pk__in=[r.pk for r in rows]).count() == 4
    assert Batch.objects.get(pk=batch.pk).counts["restored"] == 2
