"""Whichever commits first stands: run and activity at one moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.claim import claim
from customers.give_back import may_still_log
from customers.log_activity import log_activity
from customers.models import Activity, Customer, Pool, RecycleRule
from customers.recycle import recycle
from customers.release import release
from messaging.models import Notice
from messaging.notices import notice_kinds
from records.models import Event
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

CALL = {"type": "call", "content": "Called"}


@pytest.fixture
def lost(alice):
    """Alice's customer, just taken by the run while she has its page open."""
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30)
    row = customer(owner=alice)
    Customer.objects.update(assigned_at=timezone.now() - timedelta(days=40))
    assert recycle(now=timezone.now()).moved == 1
    return row


def later(**how):
    return timezone.now() + timedelta(**how)


def texts(person):
    return [notice_kinds[n.kind].text(n) for n in Notice.objects.for_person(person) if n.kind != "recycled"]


def test_an_activity_before_the_run_keeps_the_customer(alice):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30)
    row = customer(owner=alice)
    Customer.objects.update(assigned_at=timezone.now() - timedelta(days=40))
    log_activity(row, CALL, by=alice)
    assert recycle(now=timezone.now()).moved == 0


def test_within_a_quarter_of_an_hour_her_activity_wins_it_back(alice, lost):
    log_activity(lost, CALL, by=alice, now=later(minutes=14))
    lost.refresh_from_db()
    assert (lost.owner, lost.pool) == (alice, None)
    assert Activity.objects.count() == 1
    assert Event.objects.filter(verb="give_back").count() == 1
    assert texts(alice) == [f"“{lost.name}” fell into the pool while you wrote; your activity won it back."]


def test_later_the_activity_is_stored_and_she_is_told(alice, lost):
    assert may_still_log(lost_now(lost), alice)
    log_activity(lost, CALL, by=alice, now=later(minutes=16))
    lost.refresh_from_db()
    assert lost.owner is None and Activity.objects.count() == 1
    assert len(texts(alice)) == 1 and "is stored" in texts(alice)[0]


def test_a_claim_in_between_stands(alice, bob, lost):
    claim(lost.pk, by=bob)
    log_activity(lost, CALL, by=alice, now=later(minutes=5))
    lost.refresh_from_db()
    assert lost.owner == bob


def test_somebody_elses_activity_wins_nothing(bob, lost):
    log_activity(lost, CALL, by=bob, now=later(minutes=5))
    lost.refresh_from_db()
    assert lost.owner is None and texts(bob) == []


def test_what_she_released_herself_does_not_come_back(alice):
    mine = release(customer(owner=alice), by=alice, reason="no_need")
    log_activity(mine, CALL, by=alice)
    mine.refresh_from_db()
    assert mine.owner is None and not may_still_log(mine, alice)


def test_a_form_left_open_holds_for_a_day(alice, bob, lost):
    row = lost_now(lost)
    assert may_still_log(row, alice, now=later(hours=23))
    assert not may_still_log(row, alice, now=later(hours=25))
    assert not may_still_log(row, bob)


def lost_now(row):
    return Customer.objects.get(pk=row.pk)
