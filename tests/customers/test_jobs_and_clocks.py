"""The nightly jobs of customers under a beat that fires twice, comes a day late, and over both changes of the clocks in
Berlin: nothing twice, nothing missed.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Company
from customers.churn.case import defer, open_case
from customers.models import AlertLimits, ChurnCase, Customer, Pool, RecycleRule
from messaging.models import Notice
from records.jobs import ASK_EVERY, run_job
from records.models import Batch, Event, JobRun
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 02:00 is left out; 02:00 to 03:00 comes twice
JOBS = ("customers.alert_idle", "customers.recycle", "customers.churn", "customers.derive")


@pytest.fixture
def world(alice):
    """Work for each of the four jobs, in three portions that fall due on three days in a row."""
    Company(time_zone="Europe/Berlin").save()
    RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30, warn_days=0, is_active=True)
    AlertLimits.objects.create(never_days=3, escalate_days=None)

    def fill(day):
        for late in range(3):
            cold(alice, day + timedelta(days=late))
            deferred(alice, day + timedelta(days=late))

    return fill


def cold(owner, falls_on):
    row = customer(f"Cold {falls_on}", owner=owner)
    at = datetime.combine(falls_on - timedelta(days=30), time(12), tzinfo=BERLIN)
    Customer.objects.filter(pk=row.pk).update(assigned_at=at, created_at=at)


def deferred(owner, until):
    row = customer(f"Deferred {until}", owner=owner)
    before = datetime.combine(until - timedelta(days=9), time(12), tzinfo=BERLIN)
    Customer.objects.filter(pk=row.pk).update(assigned_at=before, created_at=before, last_contact_at=before, grade="B")
    defer(open_case(row, by=owner, now=before), "A visit", until, by=owner, now=before)


def ask(name, first, last, *, each=ASK_EVERY):
    """Beat, every few minutes from one moment to another; returns when it ran and what that moved."""
    told, moment = [], first
    while moment < last:
        known = JobRun.objects.filter(name=name).count()
        outcome = run_job(name, now=moment, by_beat=True)
        if JobRun.objects.filter(name=name).count() > known:
            told.append((moment.astimezone(BERLIN).date(), outcome.moved))
        moment += timedelta(seconds=each)
    return told


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(UTC)


def in_pool():
    return sorted(Customer.objects.filter(owner=None).values_list("name", flat=True))


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("name", JOBS)
def test_a_night_of_clock_change_runs_each_job_once(world, name, day):
    world(day)
    run_job(name, now=at(day - timedelta(days=1), 12), by_beat=True)
    told = ask(name, at(day, 0), at(day + timedelta(days=1), 0))
    assert [when for when, _moved in told] == [day]
    again = ask(name, at(day + timedelta(days=1), 0), at(day + timedelta(days=2), 0), each=1200)
    assert [when for when, _moved in again] == [day + timedelta(days=1)]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_over_a_clock_change_every_customer_falls_on_its_own_night(world, day):
    world(day - timedelta(days=1))
    nights = [day + timedelta(days=n) for n in (-1, 0, 1)]
    fallen = []
    for night in nights:
        ask("customers.recycle", at(night, 0), at(night + timedelta(days=1), 0), each=1200)
        fallen.append(in_pool())
    assert fallen == [[f"Cold {known}" for known in nights[: n + 1]] for n in range(3)]
    assert Event.objects.filter(verb="recycle").count() == 3


def test_a_beat_that_fires_twice_changes_nothing_twice(world):
    world(SPRING - timedelta(days=2))
    moment = at(SPRING + timedelta(days=3), 8)
    for name in JOBS:
        first, second = run_job(name, now=moment, by_beat=True), run_job(name, now=moment, by_beat=True)
        by_hand = run_job(name, now=moment)
        assert (first.moved > 0, second.moved, by_hand.moved) == (True, 0, 0), name
        assert Batch.objects.filter(verb=name).count() == 1
    assert Event.objects.filter(verb="recycle").count() == 3
    assert ChurnCase.objects.filter(state="deferred").count() == 0
    assert Notice.objects.filter(kind="alerts").count() == 1


def test_a_day_late_gives_what_the_nights_on_time_would_have_given(world):
    world(AUTUMN - timedelta(days=1))
    late = at(AUTUMN + timedelta(days=1), 23)
    for name in JOBS:
        run_job(name, now=at(AUTUMN - timedelta(days=2), 12), by_beat=True)
        told = ask(name, late, late + timedelta(minutes=59))
        assert len(told) == 1, f"{name}: several missed nights act once"
    assert len(in_pool()) == 3 and ChurnCase.objects.filter(state="open").count() == 3
    assert JobRun.objects.filter(by_beat=True).count() == 2 * len(JOBS)
