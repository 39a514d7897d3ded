"""What the customer page says and offers of the pool; an activity whose form was open while the run went over it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Activity, Customer, Pool, RecycleRule
from customers.recycle import recycle
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(alice):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30)
    return customer(owner=alice)


def idle(row, days):
    Customer.objects.filter(pk=row.pk).update(assigned_at=timezone.now() - timedelta(days=days))


def test_the_page_says_how_many_days_are_left_and_what_resets_them(alice, mine, signed_in):
    idle(mine, 18)
    page = signed_in(alice).get(reverse("customers:detail", args=[mine.pk])).text
    assert "12 days left before the pool" in page and "Any activity, such as a call, resets it." in page


def test_release_is_offered_to_the_owner_and_assign_to_the_supervisor(alice, tess, erin, mine, signed_in):
    url = reverse("customers:detail", args=[mine.pk])
    offers = {}
    for person in (alice, tess, erin):
        page = signed_in(person).get(url).text
        offers[person.username] = ('id="release"' in page, 'id="assign"' in page)
    assert offers == {"alice": (True, False), "tess": (True, True), "erin": (False, False)}


def log(client, row):
    url = reverse("customers:log", args=[row.pk])
    return client.post(url, {"type": "call", "content": "Called them"}, follow=True)


def test_an_activity_that_was_being_written_wins_the_customer_back(alice, mine, signed_in):
    idle(mine, 40)
    recycle(now=timezone.now())
    answer = log(signed_in(alice), mine)
    assert answer.status_code == 200 and Activity.objects.get().content == "Called them"
    mine.refresh_from_db()
    assert mine.owner == alice


def test_after_a_quarter_of_an_hour_it_is_stored_and_she_is_told(alice, bob, mine, signed_in, time_machine):
    idle(mine, 40)
    recycle(now=timezone.now())
    assert log(signed_in(bob), mine).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(minutes=20))
    answer = log(signed_in(alice), mine)
    assert answer.status_code == 200 and "a rule took" in answer.text
    mine.refresh_from_db()
    assert mine.owner is None and Activity.objects.count() == 1
