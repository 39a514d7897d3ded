"""A run and a rep's activity in the same second, each in a transaction of its own: whichever commits first stands."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.log_activity import log_activity
from customers.models import Activity, Customer, Pool, RecycleRule
from customers.models.pool import install_default_pool
from customers.recycle import recycle
from records.models import Event
from tests.customers.makers import customer
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cold(alice):
    install_default_pool()
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30)
    row = customer(owner=alice)
    Customer.objects.update(assigned_at=timezone.now() - timedelta(days=40))
    return row


def called(row, by):
    log_activity(row, {"type": "call", "content": "Called"}, by=by)


def run():
    return recycle(now=timezone.now()).moved


def test_a_run_that_meets_an_activity_being_saved_passes_by_and_finds_it_the_next_night(alice, cold):
    written, run_is_over = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            called(cold, alice)
            written.set()
            assert run_is_over.wait(30), "the run waited for the rep"

    def pass_by():
        assert written.wait(30)
        moved = run()
        run_is_over.set()
        return moved

    assert at_once(lambda do: do(), [save, pass_by]) == [None, 0]
    assert run() == 0
    cold.refresh_from_db()
    assert cold.owner == alice and Activity.objects.count() == 1


def test_an_activity_that_meets_a_run_is_stored_and_wins_the_customer_back(alice, cold):
    taken = threading.Event()

    def run_slowly():
        with transaction.atomic():
            moved = run()
            taken.set()
            wait_until_somebody_waits()
        return moved

    def save():
        assert taken.wait(30)
        called(cold, alice)  # opened while it was hers: the page knows nothing of the run

    assert at_once(lambda do: do(), [run_slowly, save]) == [1, None]
    cold.refresh_from_db()
    assert (cold.owner, cold.pool) == (alice, None)
    assert Activity.objects.count() == 1
    verbs = Event.objects.filter(subject_kind="customer", subject_id=cold.pk).order_by("id")
    assert [event.verb for event in verbs if event.verb in ("recycle", "give_back")] == ["recycle", "give_back"]


def wait_until_somebody_waits():
    """For the lock that this transaction holds."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("the rep's activity did not wait for the run")
