from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer, Task
from customers.todo import assign_task, cancel_task, create_task, finish_task, reopen_task, snooze_task
from records.models import Event
from records.refusals import Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def test_a_task_is_done_once(alice):
    row = create_task({"title": "Send the offer"}, by=alice)
    assert (row.owner, row.team) == (alice, alice.team)
    finish_task(row, by=alice)
    assert (row.state, row.closed_at is not None) == ("done", True)
    with pytest.raises(Refused) as refusal:
        finish_task(row, by=alice)
    assert (refusal.value.state, refusal.value.allowed) == ("done", ("reopen",))
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["create", "done"]


def test_a_cancelled_task_can_be_opened_again(alice):
    row = create_task({"title": "Call"}, by=alice)
    cancel_task(row, by=alice)
    reopen_task(row, by=alice)
    assert (row.state, row.closed_at) == ("open", None)


def test_a_task_put_off_is_not_due_until_then(alice):
    row = create_task({"title": "Call", "due_at": NOW - DAY}, by=alice)
    assert list(Task.objects.due(NOW)) == [row]
    snooze_task(row, NOW + DAY, by=alice)
    assert not Task.objects.due(NOW).exists()
    assert list(Task.objects.due(NOW + 2 * DAY)) == [row]
    with pytest.raises(Refused):
        snooze_task(row, NOW - DAY, by=alice)


def test_whoever_gets_a_task_reads_its_customer_as_long_as_it_is_open(alice, charlie):
    acme = makers.customer(owner=alice)
    row = create_task({"title": "Check the contract", "customer": acme}, by=alice, owner=charlie)
    assert Customer.objects.visible_to(charlie).get() == acme
    assert not Customer.objects.allowing(charlie, "change").exists()
    finish_task(row, by=charlie)
    assert not Customer.objects.visible_to(charlie).exists()


def test_a_task_handed_on_takes_the_reading_along(alice, bob, charlie):
    acme = makers.customer(owner=alice)
    row = create_task({"title": "Check", "customer": acme}, by=alice, owner=charlie)
    assign_task(row, bob, by=alice)
    assert not Customer.objects.visible_to(charlie).exists()
    assert Customer.objects.visible_to(bob).get() == acme


def test_nobody_gives_a_task_to_a_person_who_left(alice, bob):
    bob.is_active = False
    bob.save()
    with pytest.raises(Refused):
        create_task({"title": "Call"}, by=alice, owner=bob)
    assert not Task.objects.exists()
