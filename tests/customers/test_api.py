"""``/api/v1/``: customers, contacts, activities, tasks and pools."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Contact, Customer, Pool
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(db):
    Pool.objects.update(is_open=True)
    return Pool.default()


def test_a_name_is_enough_and_the_customer_is_the_askers(api, alice):
    made = api(alice, "customers", {"name": "Acme"}).json()
    assert {"name": "Acme", "owner": alice.pk, "pool": None, "state": "prospect", "grade": "D"}.items() <= made.items()
    again = api(alice, "customers", {"name": "Acme", "phone": "+49 30 901820", "email": "a@acme.de"})
    assert again.status_code == 201
    assert again.json()["email"] == "a@acme.de"


def test_a_change_needs_the_version_that_was_seen(api, alice):
    customer = makers.customer(owner=alice)
    path = f"customers/{customer.pk}"
    assert api(alice, path, {"city": "Kiel"}, method="patch").status_code == 428
    assert api(alice, path, {"city": "Kiel"}, method="patch", version=customer.version).json()["city"] == "Kiel"
    assert api(alice, path, {"city": "Bonn"}, method="patch", version=customer.version).status_code == 412
    assert api(alice, path, method="delete").status_code == 204
    assert api(alice, path).status_code == 404


def test_a_pool_shows_who_waits_without_phone_and_mail(api, alice, pool):
    customer = makers.customer("Quokka", phone="+49301", email="q@quokka.de")
    assert api(alice, "customers").json()["items"] == []
    assert api(alice, f"customers/{customer.pk}").status_code == 404
    (shown,) = api(alice, f"customers?pool={pool.pk}").json()["items"]
    assert (shown["name"], shown["phone"], shown["email"]) == ("Quokka", None, None)


def test_a_closed_pool_shows_nothing(api, alice):
    Pool.objects.update(is_open=False)
    makers.customer("Quokka")
    assert api(alice, f"customers?pool={Pool.default().pk}").json()["items"] == []


def test_claiming_shows_the_customer_and_the_second_is_told(api, alice, charlie, pool):
    customer = makers.customer("Quokka", email="q@quokka.de")
    won = api(alice, f"customers/{customer.pk}/claim")
    assert won.status_code == 200
    assert (won.json()["owner"], won.json()["email"]) == (alice.pk, "q@quokka.de")
    late = api(charlie, f"customers/{customer.pk}/claim")
    assert (late.status_code, late.json()["reason"]) == (409, "taken")


def test_a_released_customer_is_in_a_pool_and_the_repeat_gets_the_same_answer(api, alice, bob):
    customer = makers.customer(owner=alice)
    path, headers = f"customers/{customer.pk}/release", {"Idempotency-Key": "r"}
    assert api(bob, path, {"reason": "other"}).status_code == 404
    assert api(alice, path, {}).status_code == 409
    first = api(alice, path, {"reason": "other"}, headers=headers)
    assert first.status_code == 200 and first.json()["owner"] is None
    assert api(alice, path, {"reason": "other"}, headers=headers).json() == first.json()


def test_assigning_needs_the_right_and_a_person_in_reach(api, alice, bob, charlie, tess):
    customer = makers.customer(owner=alice)
    path = f"customers/{customer.pk}/assign"
    assert api(alice, path, {"owner": bob.pk}).status_code == 403
    assert api(tess, path).status_code == 422
    assert "owner" in api(tess, path, {"owner": charlie.pk}).json()["errors"]
    assert api(tess, path, {"owner": bob.pk}).json()["owner"] == bob.pk


def test_protecting_takes_a_moment_that_lies_ahead(api, alice):
    customer = makers.customer(owner=alice)
    path = f"customers/{customer.pk}/protect"
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:00:00Z")
    assert api(alice, path, {"until": until}).json()["protected_until"] == until
    assert api(alice, path, {"until": "2900-01-01T00:00:00Z"}).json()["reason"] == "too_long"
    assert api(alice, path, {"until": "2000-01-01T00:00:00Z"}).status_code == 409
    assert api(alice, path, {"until": "tomorrow"}).status_code == 422


def test_another_persons_customer_is_no_parent(api, alice, bob):
    theirs = makers.customer(owner=bob)
    for pk in (theirs.pk, 999_999):
        answer = api(alice, "customers", {"name": "A", "parent": pk})
        assert answer.json()["errors"] == {"parent": ["There is no such record within your reach."]}


def test_a_contact_has_phones_and_mails(api, alice, bob):
    customer = makers.customer(owner=alice)
    sent = {"name": "Maria", "customer": customer.pk, "phones": ["+49 30 901820"], "emails": ["m@acme.de"]}
    made = api(alice, "contacts", sent).json()
    assert (made["phones"], made["emails"], made["customer"]) == (["+49 30 901820"], ["m@acme.de"], customer.pk)
    assert "customer" in api(bob, "contacts", sent).json()["errors"]
    path = f"contacts/{made['id']}"
    changed = api(alice, path, {"position": "Head"}, method="patch", version=made["version"])
    assert changed.json()["position"] == "Head"
    assert api(alice, path, {"position": "x"}, method="patch", version=made["version"]).status_code == 412
    assert api(bob, path).status_code == 404
    assert api(alice, path, method="delete").status_code == 204
    assert not Contact.objects.live().exists()


def test_an_activity_is_logged_or_planned(api, alice, bob):
    customer = makers.customer(owner=alice)
    logged = api(alice, "activities", {"customer": customer.pk, "type": "call"}).json()
    assert (logged["state"], logged["done_by"]) == ("done", alice.pk)
    planned = {"customer": customer.pk, "type": "visit", "at": "2900-01-01T00:00:00Z"}
    visit = api(alice, "activities", planned).json()
    assert visit["state"] == "planned"
    assert api(alice, f"activities/{visit['id']}/cancel").json()["state"] == "cancelled"
    assert api(alice, f"activities/{visit['id']}/done").status_code == 409
    assert api(bob, "activities").json()["items"] == []


def test_a_task_is_put_off_done_and_opened_again(api, alice, bob):
    made = api(alice, "tasks", {"title": "Call"}).json()
    path = f"tasks/{made['id']}"
    assert api(alice, f"{path}/snooze", {"until": "2900-01-01T00:00:00Z"}).json()["snoozed_until"]
    assert api(alice, f"{path}/done").json()["state"] == "done"
    assert api(alice, f"{path}/done").json()["allowed"] == ["reopen"]
    assert api(alice, f"{path}/reopen").json()["state"] == "open"
    assert api(alice, "tasks", {"title": "Call", "owner": bob.pk}).status_code == 403


def test_pools_are_listed_for_those_who_claim_from_them(api, alice, nobody, pool):
    assert [row["name"] for row in api(alice, "pools").json()["items"]] == [pool.name]
    assert api(nobody, "pools").status_code == 403


@pytest.mark.parametrize("path", ["customers", "contacts", "activities", "tasks"])
def test_nothing_of_another_person_leaks(api, alice, charlie, path):
    customer = makers.customer("Quokka", owner=alice)
    makers.contact(customer, "Quokka")
    makers.task(alice, "Quokka", customer=customer)
    api(alice, "activities", {"customer": customer.pk, "type": "note", "content": "Quokka"})
    assert b"Quokka" in api(alice, path).content
    assert b"Quokka" not in api(charlie, path).content


def test_a_page_of_thirty_asks_as_often_as_one_of_three(api, alice, count_queries):
    for number in range(3):
        makers.contact(makers.customer(f"C {number}", owner=alice))
    few = [count_queries(lambda path=path: api(alice, path)) for path in ("customers", "contacts")]
    for number in range(27):
        makers.contact(makers.customer(f"D {number}", owner=alice))
    assert [count_queries(lambda path=path: api(alice, path)) for path in ("customers", "contacts")] == few


@pytest.mark.parametrize(
    "sent",
    [{}, {"name": " "}, {"name": "a\x00"}, {"name": "A", "phone": "12"}, {"name": "A", "grade": "Z"},
     {"name": "A", "employees": 2**40}, {"name": "A", "colour": "red"}, {"name": "A", "owner": "alice"}],
)  # fmt: skip
def test_what_cannot_be_is_refused(api, alice, sent):
    assert api(alice, "customers", sent).status_code == 422
    assert not Customer.objects.exists()
