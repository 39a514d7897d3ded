"""A lead becomes a customer, a contact and perhaps an opportunity; twice at once gives one customer."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.create import NewContact, create_customer
from customers.models import Activity, Contact, Customer
from customers.points import Point
from leads.contact_log import log_contact
from leads.convert import convert_lead
from leads.create import create_lead
from leads.models import Lead
from records.files import attach
from records.models import Alias, Attachment, Event
from records.refusals import Refused
from records.tagging import add_tags, tags_of
from sales.models import Opportunity
from tests.leads import makers
from tests.threads import at_once

VALUES = {
    "name": "Anna Weber", "company": "Acme GmbH", "position": "CTO", "phone": "+49 30 1234567", "country": "DE",
    "mobile": "+49 170 1234567", "email": "anna@acme.example", "need": "A CRM", "estimated_value": 500,
    "currency": "EUR",
}  # fmt: skip


@pytest.fixture
def lead(alice):
    return create_lead(VALUES, by=alice, owner=alice)


def known_customer(alice, owner=None, *points):
    contact = NewContact({"name": "Ann"}, [Point(*point) for point in points])
    return create_customer({"name": "Acme"}, by=alice, owner=owner or alice, contacts=[contact])


def counts():
    return Customer.objects.count(), Contact.objects.count(), Opportunity.objects.count(), Event.objects.count()


def test_a_lead_with_a_company_becomes_a_customer_with_a_contact(lead, alice):
    made = convert_lead(lead, by=alice)
    lead.refresh_from_db()
    assert (lead.state, lead.customer, lead.contact_person) == ("converted", made.customer, made.contact)
    assert lead.converted_at is not None and made.opportunity is None
    customer = Customer.objects.get()
    assert (customer.name, customer.owner, customer.country, customer.comment) == ("Acme GmbH", alice, "DE", "A CRM")
    assert not customer.is_person and customer.estimated_value == 500
    assert (made.contact.name, made.contact.position) == ("Anna Weber", "CTO")
    assert set(made.contact.points.values_list("normalised", flat=True)) == {
        "+49301234567", "+491701234567", "anna@acme.example",
    }  # fmt: skip


def test_a_lead_without_company_becomes_a_person(alice):
    lead = create_lead({"name": "Li Wei", "phone": "+8613800138000"}, by=alice, owner=alice)
    made = convert_lead(lead, by=alice)
    assert made.customer.is_person and made.customer.name == "Li Wei" and made.contact is None
    assert made.customer.points.get().normalised == "+8613800138000"


def test_an_opportunity_comes_along_when_it_is_asked_for(lead, alice):
    made = convert_lead(lead, by=alice, opportunity={"name": "First order"})
    opportunity = made.opportunity
    assert (opportunity.name, opportunity.amount, opportunity.currency) == ("First order", 500, "EUR")
    assert (opportunity.customer, opportunity.contact, opportunity.owner) == (made.customer, made.contact, alice)
    lead.refresh_from_db()
    assert lead.opportunity == opportunity


def test_the_event_names_who_and_stands_in_the_customers_timeline(lead, tess, alice):
    made = convert_lead(lead, by=tess, opportunity={})
    event = Event.objects.get(verb="convert")
    assert (event.by, event.customer_id) == (tess, made.customer.pk)
    assert event.facts["customer"] == made.customer.pk and event.facts["opportunity"] == made.opportunity.pk
    assert made.customer.owner == alice


def test_history_log_tags_and_files_are_seen_from_the_customer(lead, alice):
    log_contact(lead, {"type": "call", "content": "Wants a demo"}, by=alice)
    add_tags(lead, ["fair"], by=alice)
    attach(lead, SimpleUploadedFile("offer.txt", b"text"), by=alice)
    made = convert_lead(lead, by=alice)
    alias = Alias.objects.get(kind="lead", old_id=lead.pk)
    assert (alias.target_kind, alias.target_id) == ("customer", made.customer.pk)
    activity = Activity.objects.get()
    assert (activity.customer, activity.content, activity.done_by) == (made.customer, "Wants a demo", alice)
    assert [tag.name for tag in tags_of(made.customer)] == ["fair"]
    assert Attachment.objects.get().customer_id == made.customer.pk
    made.customer.refresh_from_db()
    assert made.customer.last_contact_at == activity.at


def test_the_next_contact_moves_to_the_customer(lead, alice):
    soon = timezone.now() + timedelta(days=2)
    log_contact(lead, {"type": "call", "next_contact_at": soon}, by=alice)
    made = convert_lead(lead, by=alice)
    lead.refresh_from_db()
    assert (made.customer.next_contact_at, lead.next_contact_at) == (soon, None)


def test_joining_adds_the_person_as_a_contact(lead, alice):
    customer = known_customer(alice)
    made = convert_lead(lead, by=alice, customer=customer)
    assert made.customer == customer and Customer.objects.count() == 1
    assert sorted(customer.contacts.values_list("name", flat=True)) == ["Ann", "Anna Weber"]


def test_joining_finds_the_contact_by_its_phone_and_adds_what_is_missing(lead, alice):
    customer = known_customer(alice, None, ("phone", "+49301234567"))
    made = convert_lead(lead, by=alice, customer=customer)
    assert made.contact.name == "Ann" and Contact.objects.count() == 1
    assert made.contact.points.filter(normalised="anna@acme.example").exists()


def test_a_customer_in_a_pool_is_not_joined(lead, alice, django_db_blocker):
    from customers.models import Pool

    customer = create_customer({"name": "Acme"}, by=alice, pool=Pool.default())
    before = counts()
    with pytest.raises(Refused) as refusal:
        convert_lead(lead, by=alice, customer=customer)
    assert refusal.value.reason == "in_pool" and counts() == before


def test_a_converted_lead_is_not_converted_again(lead, alice):
    convert_lead(lead, by=alice)
    before = counts()
    with pytest.raises(Refused) as refusal:
        convert_lead(Lead.objects.get(pk=lead.pk), by=alice)
    assert (refusal.value.state, refusal.value.allowed, counts()) == ("converted", (), before)


def test_what_fails_half_way_leaves_no_trace(lead, alice, monkeypatch):
    def fail(*_arguments, **_how):
        raise RuntimeError

    monkeypatch.setattr("leads.convert._bring_along", fail)
    before = counts()
    with pytest.raises(RuntimeError):
        convert_lead(lead, by=alice, opportunity={})
    lead.refresh_from_db()
    assert (counts(), lead.state) == (before, "assigned")


def test_whoever_converts_a_waiting_lead_becomes_its_owner(tess):
    lead = makers.lead("Li Wei")
    made = convert_lead(lead, by=tess)
    lead.refresh_from_db()
    assert (lead.owner, made.customer.owner) == (tess, tess)


def test_a_number_that_cannot_be_one_stays_on_the_lead_and_hinders_nothing(alice):
    lead = makers.lead("Anna", owner=alice, phone="ask Tom", email="nonsense")
    made = convert_lead(lead, by=alice)
    assert not made.customer.points.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_convert_at_once_get_one_customer(alice, bob):
    lead = create_lead(VALUES, by=alice, owner=alice)

    def convert(person):
        try:
            return convert_lead(Lead.objects.get(pk=lead.pk), by=person, opportunity={}).customer.pk
        except Refused as refusal:
            return refusal.state

    results = at_once(convert, [alice, bob, alice, bob])
    assert results.count("converted") == 3
    assert (Customer.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(verb="convert").count() == 1
