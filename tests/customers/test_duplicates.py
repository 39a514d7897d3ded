import pytest
from django.core.cache import cache

from accounts.models import Company
from customers import duplicates
from customers.create import create_customer
from customers.duplicates import Signals, similar
from customers.models import ContactPoint
from customers.points import Point
from leads.create import create_lead
from leads.duplicates import find_duplicates
from records import existence
from records.models import Event
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_hour():
    cache.clear()


@pytest.fixture
def acme(alice):
    return create_customer(
        {"name": "ООО «Ромашка»", "tax_number": "7707083893"}, by=alice,
        points=[Point("phone", "+7 495 123-45-67"), Point("email", "info@romashka.ru")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "signal"),
    [
        ({"phones": ["8 495 1234567"], "country": "RU"}, "phone"),
        ({"emails": ["INFO@Romashka.ru"]}, "email"),
        ({"tax_number": "7707 083893"}, "tax_number"),
        ({"name": "РОМАШКА, ооо"}, "name"),
        ({"emails": ["other@romashka.ru"]}, "domain"),
    ],
)
def test_each_signal_finds_the_same_customer(alice, acme, typed, signal):
    (match,) = similar(alice, Signals.read(**typed)).within
    assert (match.pk, match.url) == (acme.pk, f"/customers/{acme.pk}/")
    assert signal in match.signals


def test_out_of_reach_only_the_existence_is_told_and_logged(charlie, acme):
    found = similar(charlie, Signals.read(name="Ромашка"))
    assert found.within == []
    (note,) = found.elsewhere
    assert (note.name, note.owner, note.url) == ("ООО «Ромашка»", "Alice", "")
    event = Event.objects.get(verb="tell_existence")
    assert (event.by, event.subject_id) == (charlie, acme.pk)


def test_notes_end_after_thirty_in_an_hour_and_the_same_again_is_free(charlie, acme, alice, monkeypatch):
    monkeypatch.setattr(existence, "NOTES_AN_HOUR", 1)
    makers.customer("Lilie", owner=alice)
    told = [bool(similar(charlie, Signals.read(name=name)).elsewhere) for name in ("Ромашка", "Lilie", "Ромашка")]
    assert told == [True, False, True]


def test_leads_and_customers_share_one_count_of_notes(charlie, acme, alice, monkeypatch):
    monkeypatch.setattr(existence, "NOTES_AN_HOUR", 1)
    assert similar(charlie, Signals.read(name="Ромашка")).elsewhere
    create_lead({"name": "Anna", "phone": "+49301234567"}, by=alice, owner=alice)
    assert not find_duplicates({"phone": "+49301234567"}, charlie).notes


def test_switched_off_no_check_tells_of_anything_out_of_reach(charlie, acme, alice, signed_in):
    create_lead({"name": "Anna", "phone": "+49301234567"}, by=alice, owner=alice)
    Company.get()
    Company.objects.update(tells_existence=False)
    assert not similar(charlie, Signals.read(name="Ромашка", phones=["+49301234567"])).elsewhere
    assert not find_duplicates({"phone": "+49301234567", "tax_number": "7707083893"}, charlie).notes
    assert "Ромашка" not in signed_in(charlie).post("/customers/similar/", {"name": "Ромашка"}).text
    assert not Event.objects.filter(verb="tell_existence").exists()


def test_a_domain_alone_tells_nothing_of_others(charlie, acme):
    assert similar(charlie, Signals.read(emails=["x@romashka.ru"])).elsewhere == []


def test_a_signal_on_very_many_says_nothing(alice):
    for n in range(duplicates.MOST_HITS + 1):
        row = makers.customer(f"Firm {n}", owner=alice)
        ContactPoint.objects.create(customer=row, kind="phone", value="1", normalised="+4930123456")
    assert similar(alice, Signals.read(phones=["+49 30 123456"])).within == []


def test_what_lies_in_the_trash_is_no_duplicate(alice, acme):
    acme.trash(by=alice)
    assert similar(alice, Signals.read(name="Ромашка", phones=["+7 495 1234567"])).within == []


def test_typing_shows_the_likely_ones(alice, acme, signed_in):
    page = signed_in(alice).post("/customers/similar/", {"name": "Ромашка"}).content.decode()
    assert "This may exist already" in page and f"/customers/{acme.pk}/" in page
    assert "exist" not in signed_in(alice).post("/customers/similar/", {"name": ""}).content.decode()
