"""What is done with one lead: allowed, refused without a trace, and told by an event that names who."""

import pytest
from django.core.exceptions import ValidationError

from leads.create import create_lead
from leads.models import Lead
from records.dictionary import entry_by_code
from records.models import Event
from records.refusals import Refused
from tests.leads import makers


def last_event(lead):
    return Event.objects.filter(subject_kind="lead", subject_id=lead.pk).order_by("-id").first()


def refused(lead, verb, *arguments, reason="state", **how):
    """Refuses, and leaves state, version and log as they were."""
    before = (Lead.objects.values().get(pk=lead.pk), Event.objects.count())
    with pytest.raises(Refused) as refusal:
        getattr(lead, verb)(*arguments, **how)
    assert refusal.value.reason == reason
    assert (Lead.objects.values().get(pk=lead.pk), Event.objects.count()) == before
    return refusal.value


def lost(alice, owner=None):
    lead = makers.lead(owner=owner)
    lead.lose(entry_by_code("lead_lost_reason", "spam"), by=alice)
    return lead


# --- create ---


def test_a_lead_by_hand_belongs_to_whom_it_was_made_for(alice, bob):
    lead = create_lead({"name": "Li Wei", "company": "上海星辰有限公司"}, by=alice, owner=bob)
    lead.refresh_from_db()
    assert (lead.state, lead.owner, lead.team, lead.created_by) == ("assigned", bob, bob.team, alice)
    assert lead.assigned_at is not None
    event = last_event(lead)
    assert (event.verb, event.by, event.facts["to"]) == ("create", alice, bob.pk)


def test_a_lead_without_owner_waits(alice):
    lead = create_lead({"name": "Li Wei"}, by=alice)
    assert (lead.state, lead.owner) == ("new", None)
    assert Lead.objects.waiting().get() == lead


def test_keys_are_worked_out_on_creation(alice):
    lead = create_lead(
        {"name": "Anna", "company": "ООО «Ромашка»", "phone": "030 1234567", "country": "DE", "email": "A@Romashka.RU"},
        by=alice, owner=alice,
    )  # fmt: skip
    assert (lead.company_key, lead.phone_key, lead.email_key) == ("ромашка", "+49301234567", "a@romashka.ru")
    assert lead.domain_key == "romashka.ru"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "A", "phone": "12"}, "phone"),
        ({"name": "A", "email": "not an address"}, "email"),
        ({"name": "A", "estimated_value": -5}, "estimated_value"),
    ],
)
def test_nonsense_is_refused_by_field_and_leaves_no_trace(alice, values, field):
    with pytest.raises(ValidationError) as error:
        create_lead(values, by=alice, owner=alice)
    assert list(error.value.message_dict) == [field]
    assert not Lead.objects.exists() and not Event.objects.exists()


def test_an_amount_without_currency_is_in_the_companys(alice):
    assert create_lead({"name": "A", "estimated_value": 5}, by=alice, owner=alice).currency == "EUR"


def test_nobody_who_left_gets_a_new_lead(alice, bob):
    bob.is_active = False
    with pytest.raises(Refused):
        create_lead({"name": "A"}, by=alice, owner=bob)
    assert not Lead.objects.exists()


# --- edit ---


def test_editing_renews_the_keys_and_the_version(alice):
    lead = makers.lead(owner=alice)
    lead.edit({"email": "new@acme.com", "name": "Anna B"}, by=alice)
    lead.refresh_from_db()
    assert (lead.email_key, lead.domain_key, lead.sort_key, lead.version) == ("new@acme.com", "acme.com", "anna b", 2)
    assert last_event(lead).facts == {"fields": ["email", "name"]}


# --- assign ---


def test_assigning_gives_the_lead_and_tells_from_whom_to_whom(alice, bob, tess):
    lead = makers.lead(owner=alice)
    lead.assign(bob, by=tess)
    lead.refresh_from_db()
    assert (lead.owner, lead.team, lead.state, lead.rule) == (bob, bob.team, "assigned", None)
    event = last_event(lead)
    assert (event.verb, event.by) == ("assign", tess)
    assert (event.facts["from"], event.facts["to"]) == (alice.pk, bob.pk)


def test_a_contacted_lead_starts_over_with_its_new_owner(alice, bob, tess):
    lead = makers.lead(owner=alice)
    lead.contact(by=alice)
    lead.assign(bob, by=tess)
    assert lead.state == "assigned"
    assert lead.contacted_at is not None


def test_a_lead_is_not_assigned_to_who_has_it_or_has_left(alice, bob, tess):
    lead = makers.lead(owner=alice)
    refused(lead, "assign", alice, by=tess, reason="same_owner")
    bob.is_active = False
    bob.save()
    refused(lead, "assign", bob, by=tess, reason="inactive")


# --- contact, qualify ---


def test_the_first_contact_is_stamped_once(alice):
    lead = makers.lead(owner=alice)
    lead.contact(by=alice)
    lead.refresh_from_db()
    assert lead.state == "contacted" and lead.contacted_at == lead.last_contact_at
    assert (last_event(lead).verb, last_event(lead).by) == ("contact", alice)
    assert refused(lead, "contact", by=alice).allowed == ("assign", "qualify", "convert", "lose")


def test_whoever_contacts_a_waiting_lead_becomes_its_owner(tess):
    lead = makers.lead()
    lead.contact(by=tess)
    lead.refresh_from_db()
    assert (lead.owner, lead.team, lead.state) == (tess, tess.team, "contacted")
    assert last_event(lead).facts["to"] == tess.pk


def test_the_system_does_not_contact_a_lead_without_owner(db):
    refused(makers.lead(), "contact", by=None, reason="no_owner")


@pytest.mark.parametrize("state", ["assigned", "contacted"])
def test_any_open_lead_can_be_qualified(alice, state):
    lead = makers.lead(owner=alice)
    if state == "contacted":
        lead.contact(by=alice)
    lead.qualify(by=alice)
    lead.refresh_from_db()
    assert lead.state == "qualified" and lead.qualified_at
    assert (last_event(lead).verb, last_event(lead).by) == ("qualify", alice)


# --- lose, reopen ---


def test_losing_needs_a_reason_and_keeps_it(alice):
    lead = makers.lead(owner=alice)
    refused(lead, "lose", None, by=alice, reason="no_reason")
    lead.lose(entry_by_code("lead_lost_reason", "no_budget"), by=alice, note="next year")
    lead.refresh_from_db()
    assert (lead.state, lead.lost_reason.code, lead.lost_note) == ("lost", "no_budget", "next year")
    assert (last_event(lead).by, last_event(lead).facts["reason"]) == (alice, "no_budget")


@pytest.mark.parametrize(
    ("verb", "arguments"), [("contact", ()), ("qualify", ()), ("assign", ("bob",)), ("lose", ("spam",))]
)
def test_a_lost_lead_takes_no_verb_but_reopen(alice, bob, verb, arguments):
    lead = lost(alice, owner=alice)
    known = {"bob": bob, "spam": entry_by_code("lead_lost_reason", "spam")}
    refusal = refused(lead, verb, *(known[name] for name in arguments), by=alice)
    assert (refusal.state, refusal.allowed) == ("lost", ("reopen",))


def test_reopening_goes_back_to_the_owner(alice):
    lead = lost(alice, owner=alice)
    lead.reopen(by=alice)
    lead.refresh_from_db()
    assert (lead.state, lead.owner, lead.lost_reason, lead.lost_at) == ("assigned", alice, None, None)


def test_reopening_without_an_active_owner_goes_back_to_the_queue(alice, bob):
    assert lost(alice).reopen(by=alice).facts["state"] == ["lost", "new"]
    lead = lost(alice, owner=bob)
    bob.is_active = False
    bob.save()
    lead.reopen(by=alice)
    lead.refresh_from_db()
    assert (lead.state, lead.owner, lead.team) == ("new", None, bob.team)


def test_an_open_lead_is_not_reopened(alice):
    refused(makers.lead(owner=alice), "reopen", by=alice)


# --- trash ---


def test_a_lead_in_the_trash_takes_no_verb(alice, bob):
    lead = makers.lead(owner=alice)
    lead.trash(by=alice)
    assert not Lead.objects.visible_to(alice).exists()
    refused(lead, "assign", bob, by=alice)
    refused(lead, "qualify", by=alice)
