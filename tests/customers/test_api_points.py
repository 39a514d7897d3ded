"""``phones`` and ``emails`` of contacts and customers through the API."""

import pytest

from customers.models import ContactPoint
from records.models import Event
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria(api, alice):
    customer = makers.customer(owner=alice, country="DE")
    sent = {"name": "Maria", "customer": customer.pk, "phones": ["+49 30 901820", "+49 30 901821"]}
    return api(alice, "contacts", sent).json()


def patch(api, person, path, sent, version):
    return api(person, path, sent, method="patch", version=version)


def test_the_phones_of_a_contact_are_replaced_as_a_whole(api, alice, maria):
    kept = ContactPoint.objects.get(value="+49 30 901821").pk
    sent = {"phones": ["+49 30 901822", "030 901821"], "emails": ["m@acme.de"]}
    changed = patch(api, alice, f"contacts/{maria['id']}", sent | {"position": "Head"}, maria["version"]).json()
    assert (changed["phones"], changed["emails"]) == (["+49 30 901822", "+49 30 901821"], ["m@acme.de"])
    assert changed["position"] == "Head"
    assert ContactPoint.objects.get(value="+49 30 901821").pk == kept
    assert set(Event.objects.values_list("verb", flat=True)) >= {"add_point", "remove_point", "change"}


def test_changed_phones_raise_the_version(api, alice, maria):
    path = f"contacts/{maria['id']}"
    changed = patch(api, alice, path, {"phones": ["+49 30 901829"]}, maria["version"])
    assert changed.json()["version"] > maria["version"]
    assert patch(api, alice, path, {"phones": []}, maria["version"]).status_code == 412
    assert patch(api, alice, path, {"phones": []}, changed.json()["version"]).json()["phones"] == []


def test_the_same_phones_change_nothing(api, alice, maria):
    events = Event.objects.count()
    same = patch(api, alice, f"contacts/{maria['id']}", {"phones": maria["phones"]}, maria["version"]).json()
    assert same == maria
    assert Event.objects.count() == events


def test_what_is_no_phone_changes_nothing_at_all(api, alice, maria):
    sent = {"position": "Head", "phones": ["call me"]}
    refused = patch(api, alice, f"contacts/{maria['id']}", sent, maria["version"])
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["phones"])
    assert api(alice, f"contacts/{maria['id']}").json() == maria


def test_a_new_phone_of_a_customer_takes_the_place_of_its_main_one(api, alice):
    made = api(alice, "customers", {"name": "Acme", "phone": "+49 30 901820", "phones": ["+49 30 901821"]}).json()
    assert (made["phone"], made["phones"]) == ("+49 30 901820", ["+49 30 901820", "+49 30 901821"])
    path = f"customers/{made['id']}"
    changed = patch(api, alice, path, {"phone": "+49 30 901829"}, made["version"]).json()
    assert changed["phones"] == ["+49 30 901829", "+49 30 901821"]
    assert changed["phone"] == "+49 30 901829"
    without = patch(api, alice, path, {"phone": None, "email": "a@acme.de"}, changed["version"]).json()
    assert (without["phones"], without["email"]) == (["+49 30 901821"], "a@acme.de")


def test_a_customer_does_not_show_its_contacts_phones_as_its_own(api, alice):
    customer = makers.customer(owner=alice)
    api(alice, "contacts", {"name": "Maria", "customer": customer.pk, "phones": ["+49 30 901820"]})
    shown = api(alice, f"customers/{customer.pk}").json()
    assert (shown["phone"], shown["phones"]) == ("+49 30 901820", [])


def test_a_wrong_phone_of_a_new_customer_is_named(api, alice):
    assert list(api(alice, "customers", {"name": "A", "phone": "call me"}).json()["errors"]) == ["phone"]
    assert list(api(alice, "customers", {"name": "A", "emails": ["x"]}).json()["errors"]) == ["emails"]
