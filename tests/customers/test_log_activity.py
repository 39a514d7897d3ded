from datetime import timedelta

import pytest
from django.utils import timezone

from customers.log_activity import cancel_activity, complete_activity, log_activity, plan_activity, plan_next_contact
from records.models import Event
from records.refusals import Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def acme(alice):
    return makers.customer(owner=alice)


def test_a_call_raises_the_last_contact_and_sets_the_next(alice, acme):
    row = log_activity(acme, {"type": "call", "content": "Likes it", "next_contact_at": NOW + 3 * DAY}, by=alice)
    acme.refresh_from_db()
    assert (acme.last_contact_at, acme.next_contact_at, acme.version) == (row.at, NOW + 3 * DAY, 1)
    event = Event.objects.get(verb="log")
    assert (event.by, event.customer_id, event.subject_id, event.facts) == (alice, acme.pk, row.pk, {"type": "call"})
    assert (row.done_by, row.customer_owner, row.customer_team) == (alice, alice.pk, alice.team_id)


def test_an_earlier_call_noted_later_does_not_lower_the_last_contact(alice, acme):
    log_activity(acme, {"type": "call"}, by=alice)
    first = acme.last_contact_at
    log_activity(acme, {"type": "visit", "at": NOW - 5 * DAY}, by=alice)
    acme.refresh_from_db()
    assert acme.last_contact_at == first


def test_a_contact_that_was_due_is_kept_by_the_call_and_one_ahead_stays(alice, acme):
    plan_next_contact(acme, timezone.now() + timedelta(minutes=1), by=alice)
    log_activity(acme, {"type": "call"}, by=alice)
    acme.refresh_from_db()
    assert acme.next_contact_at is None
    plan_next_contact(acme, NOW + 5 * DAY, by=alice)
    log_activity(acme, {"type": "call"}, by=alice)
    acme.refresh_from_db()
    assert acme.next_contact_at == NOW + 5 * DAY


def test_what_lies_in_the_future_is_planned_not_noted(alice, acme):
    with pytest.raises(Refused, match="future"):
        log_activity(acme, {"type": "call", "at": NOW + DAY}, by=alice)
    with pytest.raises(Refused, match="past"):
        plan_activity(acme, {"type": "call", "at": NOW - DAY}, by=alice)
    assert not Event.objects.exists()


def test_a_planned_visit_is_the_next_contact_and_then_the_last(alice, bob, acme):
    row = plan_activity(acme, {"type": "visit", "at": NOW + DAY}, by=alice)
    acme.refresh_from_db()
    assert (acme.next_contact_at, acme.last_contact_at) == (NOW + DAY, None)
    complete_activity(row, by=bob, content="Shown", now=NOW + DAY)
    acme.refresh_from_db()
    assert (row.state, row.done_by, acme.last_contact_at, acme.next_contact_at) == ("done", bob, NOW + DAY, None)
    with pytest.raises(Refused) as refusal:
        cancel_activity(row, by=alice)
    assert (refusal.value.state, refusal.value.allowed) == ("done", ())


def test_the_next_contact_lies_ahead(alice, acme):
    with pytest.raises(Refused, match="past"):
        plan_next_contact(acme, NOW - DAY, by=alice)
    plan_next_contact(acme, NOW + DAY, by=alice)
    plan_next_contact(acme, None, by=alice)
    acme.refresh_from_db()
    assert acme.next_contact_at is None
