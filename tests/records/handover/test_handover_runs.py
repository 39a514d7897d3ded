"""The run of a handover: killed in the middle, beside somebody who edits, at a cost that does not grow with rows."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.models import Customer, Pool, Task
from records.handover import run
from records.handover.plan import EVENLY, ONE, Plan
from records.handover.preview import preview
from records.handover.tasks import resume_handovers
from records.models import Batch, Event
from records.undo import undo_batch
from tests.customers import makers
from tests.records.handover.estate import hand_over


class Killed(Exception):
    pass


@pytest.fixture
def in_tens(monkeypatch):
    monkeypatch.setattr(run, "FIRST_PORTION", 10)
    monkeypatch.setattr(run, "MOST", 10)


def estate(owner, count):
    """Customers with a task each."""
    made = [makers.customer(f"C{number}", owner=owner) for number in range(count)]
    for at in made:
        makers.task(owner, customer=at)


def killed_at(monkeypatch, portion):
    """The process dies when it has changed the rows of this portion and not committed them."""
    keep, seen = run._keep, []

    def die(*arguments):
        seen.append(1)
        if len(seen) == portion:
            raise Killed
        return keep(*arguments)

    monkeypatch.setattr(run, "_keep", die)
    return lambda: monkeypatch.setattr(run, "_keep", keep)


@pytest.mark.django_db
@pytest.mark.parametrize("portion", [1, 2, 5])
def test_killed_in_the_middle_it_goes_on_where_it_stopped(alice, bob, charlie, olga, in_tens, monkeypatch, portion):
    estate(alice, 25)
    revive = killed_at(monkeypatch, portion)
    batch = run.start_handover(alice, Plan(EVENLY, (bob.pk, charlie.pk)), by=olga)
    with pytest.raises(Killed):
        run.run_handover(batch)
    revive()
    run.run_handover(Batch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    told = Counter(Event.objects.filter(batch=batch).values_list("subject_kind", "subject_id"))
    assert len(told) == 50 and set(told.values()) == {1}
    assert sorted(Counter(Customer.objects.values_list("owner", flat=True)).values()) == [12, 13]
    assert (batch.state, batch.counts["moved"]) == ("done", 50)
    assert undo_batch(batch, by=olga).restored == 50


@pytest.mark.django_db
def test_what_was_lost_is_taken_up_again_and_a_second_time_changes_nothing(alice, bob, olga, monkeypatch):
    estate(alice, 3)
    batch = run.start_handover(alice, Plan(ONE, (bob.pk,)), by=olga)
    sent = []
    monkeypatch.setattr("records.handover.tasks.hand_over.delay", sent.append)
    assert resume_handovers(now=timezone.now()).moved == 0
    assert resume_handovers(now=timezone.now() + timedelta(minutes=3)).moved == 1
    assert sent == [batch.pk]
    run.run_handover(batch)
    run.run_handover(batch)
    assert Event.objects.filter(batch=batch).count() == 6


@pytest.mark.django_db
def test_ten_times_the_rows_ask_the_database_as_often(alice, bob, charlie, tess, olga, count_queries):
    Pool.objects.update(holding_cap=1_000)

    def of(leaver, count):
        estate(leaver, count)
        plan = Plan(EVENLY, (bob.pk, olga.pk))
        looked = count_queries(lambda: preview(leaver, plan, by=olga))
        batch = run.start_handover(leaver, plan, by=olga)
        moved = count_queries(lambda: run.run_handover(batch))
        back = count_queries(lambda: undo_batch(batch, by=olga))
        return looked, moved, back

    of(tess, 3)  # settles what is read once per process
    assert of(alice, 30) == of(charlie, 300)


@pytest.mark.django_db(transaction=True)
def test_a_colleague_who_edits_meanwhile_keeps_her_change(alice, bob, olga):
    at = makers.customer("Acme", owner=alice)
    makers.customer("Other", owner=alice)
    locked, moved_beside = threading.Event(), []

    def edit():
        try:
            with transaction.atomic():
                mine = Customer.objects.get(pk=at.pk)
                mine.lock()
                locked.set()
                wait_until(lambda: Customer.objects.filter(name="Other", owner=bob).exists())
                moved_beside.append(Customer.objects.get(name="Other").owner_id)
                mine.edit({"city": "Lyon"}, by=alice)
        finally:
            locked.set()
            connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    locked.wait(10)
    batch = hand_over(alice, bob, by=olga)
    thread.join(20)
    at.refresh_from_db()
    assert moved_beside == [bob.pk]  # nobody waited for her
    assert (at.city, at.owner) == ("Lyon", bob)
    assert "stays" in batch.params and not batch.params["stays"]


@pytest.mark.django_db
def test_a_task_given_between_two_rounds_comes_along(alice, bob, olga, monkeypatch):
    makers.customer(owner=alice)
    passes, original = [], run._pass

    def late(batch, kind):
        kept = original(batch, kind)
        if kind.code == "task" and not passes:
            passes.append(makers.task(alice))
        return kept

    monkeypatch.setattr(run, "_pass", late)
    hand_over(alice, bob, by=olga)
    assert Task.objects.get().owner == bob


def wait_until(is_so, seconds=10):
    import time

    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_so():
        time.sleep(0.05)
