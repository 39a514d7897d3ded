from datetime import timedelta

import pytest
from django.utils import timezone

from customers.log_activity import log_activity
from customers.models import Pool
from customers.ownership import give_one
from customers.timeline import PAGE, timeline
from records.log import log_event
from records.models import Alias
from tests.customers import makers

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def titles(found):
    return [entry.text or entry.title for entry in found.entries]


def walked(customer, **how):
    """All pages, one after the other."""
    entries, before = [], ""
    while True:
        found = timeline(customer, before=before, **how)
        entries += titles(found)
        if not found.older:
            return entries
        before = found.older


def test_activities_and_events_are_one_stream_newest_first(alice, bob):
    acme = makers.customer(owner=alice)
    log_activity(acme, {"type": "call", "content": "old", "at": NOW - timedelta(days=9)}, by=alice)
    give_one(acme, to=bob, by=alice, verb="assign")
    log_activity(acme, {"type": "call", "content": "new"}, by=bob)
    assert walked(acme) == ["new", "Assigned to Bob", "old"]
    assert walked(acme, shown="activities") == ["new", "old"]
    assert walked(acme, shown="changes") == ["Assigned to Bob"]


def test_paging_loses_and_repeats_nothing(alice):
    acme = makers.customer(owner=alice)
    for n in range(PAGE + 7):
        log_activity(acme, {"type": "note", "content": f"note {n}", "at": NOW - timedelta(hours=n // 3)}, by=alice)
        log_event("tag", acme, by=alice)
    found = walked(acme)
    assert len(found) == 2 * (PAGE + 7)
    assert {entry for entry in found if entry.startswith("note")} == {f"note {n}" for n in range(PAGE + 7)}


def test_a_cursor_that_makes_no_sense_shows_the_first_page(alice):
    acme = makers.customer(owner=alice)
    log_activity(acme, {"type": "note", "content": "x"}, by=alice)
    assert titles(timeline(acme, before="nonsense")) == ["x"]


def test_the_history_of_a_converted_lead_belongs_to_its_customer(alice):
    acme = makers.customer(owner=alice)
    Alias.objects.create(kind="lead", old_id=77, target_kind="customer", target_id=acme.pk)
    lead_event = log_event("claim", acme, by=alice)
    type(lead_event).objects.filter(pk=lead_event.pk).update(subject_kind="lead", subject_id=77, customer_id=None)
    assert walked(acme) == ["Claimed by –"]
    Alias.objects.all().delete()
    assert walked(acme) == []


def test_a_release_is_told_with_its_reason(alice):
    acme = makers.customer(owner=alice)
    give_one(acme, pool=Pool.default(), by=alice, verb="release", reason="no_need")
    assert walked(acme) == ["Released by Alice: No need now"]
