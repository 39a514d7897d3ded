"""Who may be the same: signals, their limit, and what is told of records out of reach."""

import pytest
from django.core.cache import cache

from accounts.models import Company
from customers.create import NewContact, create_customer
from customers.points import Point
from leads.create import create_lead
from leads.duplicates import duplicates_of, find_duplicates
from records.models import Event
from tests.leads import makers


@pytest.fixture(autouse=True)
def nothing_told_yet():
    cache.clear()


def found(values, user):
    return [(one.kind, one.record.pk, [str(reason) for reason in one.reasons]) for one in finds(values, user).found]


def finds(values, user):
    return find_duplicates({"name": "Somebody", **values}, user)


@pytest.mark.parametrize(
    ("known", "typed", "reason"),
    [
        ({"phone": "+49 30 1234567"}, {"mobile": "0049301234567", "country": "DE"}, "same phone"),
        ({"email": "Anna@Gmail.com"}, {"email": "anna@gmail.com"}, "same e-mail"),
        ({"tax_number": "DE 123"}, {"tax_number": "de123"}, "same tax number"),
        ({"company": "ООО «Ромашка»"}, {"company": "ромашка"}, "same company name"),
        ({"company": "上海星辰有限公司"}, {"company": "上海星辰"}, "same company name"),
        ({"email": "a@acme.example"}, {"email": "b@acme.example"}, "same e-mail domain"),
    ],
)
def test_a_lead_is_found_by_each_signal_in_another_spelling(alice, known, typed, reason):
    lead = create_lead({"name": "Anna", **known}, by=alice, owner=alice)
    assert found(typed, alice) == [("lead", lead.pk, [reason])]


def test_a_customer_is_found_by_its_contacts_points_and_its_name(alice):
    contact = NewContact({"name": "Ann"}, [Point("phone", "+49301234567"), Point("email", "ann@acme.example")])
    customer = create_customer({"name": "Acme Ltd"}, by=alice, contacts=[contact])
    reasons = ["same e-mail", "same phone", "same company name", "same e-mail domain"]
    typed = {"company": "ACME", "phone": "+49301234567", "email": "ann@acme.example"}
    assert found(typed, alice) == [("customer", customer.pk, reasons)]


def test_free_mail_services_say_nothing_about_a_company(alice):
    create_lead({"name": "Anna", "email": "anna@gmail.com"}, by=alice, owner=alice)
    assert found({"email": "bert@gmail.com"}, alice) == []


def test_a_signal_that_hits_more_than_twenty_is_none(alice):
    for n in range(20):
        create_lead({"name": f"Lead {n}", "phone": "+49301234567"}, by=alice, owner=alice)
    assert len(found({"phone": "+49301234567"}, alice)) == 20
    create_lead({"name": "One more", "phone": "+49301234567"}, by=alice, owner=alice)
    assert found({"phone": "+49301234567"}, alice) == []


def test_a_lead_is_no_duplicate_of_itself_nor_of_what_is_in_the_trash(alice):
    lead = create_lead({"name": "Anna", "phone": "+49301234567"}, by=alice, owner=alice)
    assert not duplicates_of(lead, alice)
    lead.trash(by=alice)
    assert found({"phone": "+49301234567"}, alice) == []


def test_out_of_reach_only_kind_name_owner_and_date_are_told_and_it_is_logged(alice, charlie):
    lead = create_lead({"name": "Anna", "phone": "+49301234567"}, by=charlie, owner=charlie)
    duplicates = finds({"phone": "+49301234567"}, alice)
    assert duplicates.found == []
    (note,) = duplicates.notes
    assert (note.kind, note.name, note.owner, note.created_at) == ("lead", "Anna", charlie, lead.created_at)
    event = Event.objects.get(verb="tell_existence")
    assert (event.by, event.subject_id) == (alice, lead.pk)


def test_a_weak_signal_tells_nothing_of_what_is_out_of_reach(alice, charlie):
    create_lead({"name": "Anna", "email": "a@acme.example"}, by=charlie, owner=charlie)
    assert not finds({"email": "b@acme.example"}, alice)


def test_thirty_notes_an_hour_and_the_same_again_is_free(alice, charlie):
    for n in range(31):
        makers.lead(f"Lead {n}", owner=charlie, phone_key=f"+4930123{n:04}")
    told = [bool(finds({"phone": f"+4930123{n:04}"}, alice).notes) for n in range(31)]
    assert told == [True] * 30 + [False]
    assert finds({"phone": "+49301230000"}, alice).notes


def test_notes_can_be_switched_off(alice, charlie):
    Company.get()
    Company.objects.update(tells_existence=False)
    makers.lead("Anna", owner=charlie, phone_key="+49301234567")
    assert not finds({"phone": "+49301234567"}, alice)


def test_without_anything_to_go_by_nothing_is_asked(alice, django_assert_num_queries):
    find_duplicates({"name": "Anna"}, alice)
    with django_assert_num_queries(1):  # the company's country
        assert not find_duplicates({"name": "Anna"}, alice)
