"""The contact log of a lead: what counts as the first contact, and what it says about the next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.contact_log import log_contact
from leads.models import LeadActivity
from records.dictionary import entry_by_code
from records.models import Event
from records.refusals import Refused
from tests.leads import makers


def verbs(lead):
    rows = Event.objects.filter(subject_kind="lead", subject_id=lead.pk).order_by("id")
    return list(rows.values_list("verb", flat=True))


def test_the_first_thing_logged_is_the_first_contact_and_later_ones_are_not(alice):
    lead = makers.lead(owner=alice)
    first = log_contact(lead, {"type": "call", "content": "Hello"}, by=alice)
    log_contact(lead, {"type": "email"}, by=alice)
    lead.refresh_from_db()
    assert (lead.state, lead.contacted_at, first.done_by) == ("contacted", first.at, alice)
    assert verbs(lead) == ["contact", "log"]


@pytest.mark.parametrize("outcome", ["not_reached", None])
def test_a_call_that_nobody_answered_and_a_note_are_no_contact(alice, outcome):
    lead = makers.lead(owner=alice)
    values = {"type": "call", "outcome": entry_by_code("activity_outcome", outcome)} if outcome else {"type": "note"}
    log_contact(lead, values, by=alice)
    lead.refresh_from_db()
    assert (lead.state, lead.last_contact_at, verbs(lead)) == ("assigned", None, ["log"])


def test_the_next_contact_is_set_and_a_plan_that_was_due_is_kept(alice):
    now = timezone.now()
    lead = makers.lead(owner=alice, next_contact_at=now - timedelta(hours=1))
    log_contact(lead, {"type": "call"}, by=alice)
    lead.refresh_from_db()
    assert lead.next_contact_at is None
    log_contact(lead, {"type": "call", "next_contact_at": now + timedelta(days=3)}, by=alice)
    log_contact(lead, {"type": "email"}, by=alice)
    lead.refresh_from_db()
    assert lead.next_contact_at == now + timedelta(days=3)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"at": timezone.now() + timedelta(days=300)}, "future"),
        ({"next_contact_at": timezone.now() - timedelta(days=300)}, "past"),
    ],
)
def test_moments_that_make_no_sense_are_refused_without_a_trace(alice, values, reason):
    lead = makers.lead(owner=alice)
    with pytest.raises(Refused) as refusal:
        log_contact(lead, {"type": "call", **values}, by=alice)
    assert refusal.value.reason == reason
    assert not LeadActivity.objects.exists() and not Event.objects.exists()


def test_a_lost_lead_takes_no_contact(alice):
    lead = makers.lead(owner=alice)
    lead.lose(entry_by_code("lead_lost_reason", "spam"), by=alice)
    with pytest.raises(Refused) as refusal:
        log_contact(lead, {"type": "call"}, by=alice)
    assert refusal.value.state == "lost" and not LeadActivity.objects.exists()
