"""The API: who may do what in every collection, and that it shows to each person what the pages show."""

import re
from decimal import Decimal

import pytest
from django.db import transaction

from customers.churn.case import open_case
from customers.log_activity import log_activity
from customers.models import Pool
from sales import collect
from sales.issue_invoice import invoice
from tests import factories
from tests.customers import makers as customers
from tests.leads import makers as leads
from tests.sales import documents
from tests.sales import makers as sales

pytestmark = pytest.mark.django_db

# People and teams are for everybody to see and for the administrator to change; pools have rights of their own.
# Of alice's records: v sees, c creates, p changes, d deletes, - nothing of all this.
PEOPLE = ("alice", "bob", "charlie", "tess", "erin", "ada", "olga", "finn", "nobody")
MATRIX = {
    "leads":         ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "-", "-"),
    "customers":     ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "v", "-"),
    "contacts":      ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "v", "-"),
    "activities":    ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "v", "-"),
    "tasks":         ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "-", "-"),
    "churn":         ("vcp", "c", "c", "vcp", "v", "-", "v", "-", "-"),
    "products":      ("v", "v", "v", "v", "v", "-", "vcpd", "v", "-"),
    "opportunities": ("vcpd", "c", "c", "vcpd", "v", "-", "vcpd", "-", "-"),
    "quotes":        ("vcpd", "c", "c", "vcpd", "v", "-", "v", "-", "-"),
    "orders":        ("vcpd", "c", "c", "vcpd", "v", "-", "v", "v", "-"),
    "instalments":   ("vp", "-", "-", "vp", "v", "-", "v", "vp", "-"),
    "invoices":      ("v", "-", "-", "v", "v", "-", "v", "vc", "-"),
    "receipts":      ("v", "-", "-", "v", "v", "-", "v", "vcd", "-"),
    "refunds":       ("v", "-", "-", "v", "v", "-", "v", "vc", "-"),
    "pools":         ("v", "v", "v", "v", "v", "-", "vcpd", "-", "-"),
    "teams":         ("v", "v", "v", "v", "v", "vcpd", "v", "v", "v"),
    "users":         ("v", "v", "v", "v", "v", "vcpd", "v", "v", "v"),
}  # fmt: skip
NOWHERE = 999_999
EURO = {"amount": "1.00", "currency": "EUR"}
# Bodies that fit; with a customer that is not there whoever may create is told 422.
NEW = {
    "leads": {"name": "A"}, "customers": {"name": "A"}, "contacts": {"name": "A", "customer": NOWHERE},
    "activities": {"customer": NOWHERE, "type": "note"}, "churn": {"customer": NOWHERE},
    "tasks": {"title": "A"}, "products": {"name": "A"},
    "opportunities": {"name": "A"}, "quotes": {"customer": NOWHERE}, "orders": {"customer": NOWHERE},
    "invoices": {"instalment": NOWHERE}, "receipts": {"order": NOWHERE, "amount": EURO},
    "refunds": {"order": NOWHERE, "amount": EURO}, "pools": {"name": "A"}, "teams": {"name": "A"},
    "users": {"name": "A"},
}  # fmt: skip


@pytest.mark.parametrize("name", MATRIX)
def test_each_person_may_do_in_a_collection_what_the_table_says(name, api, everybody):
    pk = of_alice(name, everybody)
    allowed = {who: what_is_possible(api, everybody[who], name, pk) for who in PEOPLE}
    assert allowed == dict(zip(PEOPLE, MATRIX[name], strict=True))


def of_alice(name, people):
    alice = people["alice"]
    if name in ("instalments", "invoices", "receipts", "refunds", "orders"):
        return money_of(alice, name).pk
    makers = {
        "leads": lambda: leads.lead(owner=alice),
        "customers": lambda: customers.customer(owner=alice),
        "contacts": lambda: customers.contact(customers.customer(owner=alice)),
        "activities": lambda: log_activity(customers.customer(owner=alice), {"type": "note"}, by=alice),
        "tasks": lambda: customers.task(alice),
        "churn": lambda: open_case(customers.customer(owner=alice), by=None),
        "products": sales.product,
        "opportunities": lambda: sales.opportunity(owner=alice),
        "quotes": lambda: documents.quote(owner=alice),
        "pools": lambda: Pool.objects.create(name="Fair", is_open=True),
        "teams": lambda: factories.team("Empty"),
        "users": lambda: alice,
    }
    return makers[name]().pk


def money_of(alice, name):
    if name == "orders":
        return documents.draft_order(owner=alice)
    order = documents.order(owner=alice)
    first, _second = collect.plan(order, documents.halves(), by=alice)
    made = {
        "instalments": lambda: first,
        "invoices": lambda: invoice(first, by=alice),
        "receipts": lambda: collect.receive(order, Decimal(10), by=alice),
        "refunds": lambda: paid_too_much(order, alice),
    }
    return made[name]()


def paid_too_much(order, by):
    collect.receive(order, Decimal(110), by=by)
    return collect.refund(order, Decimal(10), by=by)


def what_is_possible(api, person, name, pk):
    """Each thing is tried and taken back."""
    tries = {
        "v": lambda: sees(api, person, name, pk),
        "c": lambda: name in NEW and api(person, name, NEW[name]).status_code in (201, 422),
        "p": lambda: api(person, f"{name}/{pk}", {}, method="patch", version=0).status_code == 412,
        "d": lambda: api(person, f"{name}/{pk}", method="delete").status_code == 204,
    }
    return "".join(letter for letter, attempt in tries.items() if taken_back(attempt)) or "-"


def sees(api, person, name, pk):
    one, many = api(person, f"{name}/{pk}"), api(person, name)
    listed = many.status_code == 200 and pk in [item["id"] for item in many.json()["items"]]
    assert (one.status_code == 200) == listed, "the list and the record do not agree"
    assert one.status_code in (200, 404)
    return listed


def taken_back(attempt):
    with transaction.atomic():
        done = attempt()
        transaction.set_rollback(True)
    return done


PAGES = {
    "leads": "/leads/", "customers": "/customers/", "opportunities": "/sales/opportunities/",
    "quotes": "/sales/quotes/", "orders": "/sales/orders/", "products": "/sales/products/",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_api_shows_to_each_person_what_her_page_shows(name, api, signed_in, everybody):
    words = {of_owner(name, owner) for owner in map(everybody.get, ("alice", "bob", "charlie", "tess"))}
    for who, person in everybody.items():
        page, asked = signed_in(person).get(PAGES[name]), api(person, f"{name}?limit=200")
        assert (page.status_code == 200) == (asked.status_code == 200), who
        text = page.content.decode() if page.status_code == 200 else ""
        told = asked.content.decode() if asked.status_code == 200 else ""
        assert found(words, told) == found(words, text), who


def of_owner(name, owner):
    word = f"Quokka{owner.username}"
    makers = {
        "leads": lambda: leads.lead(word, owner=owner) and word,
        "customers": lambda: customers.customer(word, owner=owner) and word,
        "opportunities": lambda: sales.opportunity(word, owner=owner) and word,
        "quotes": lambda: documents.quote(owner=owner).number,
        "orders": lambda: documents.draft_order(owner=owner).number,
        "products": lambda: sales.product(word) and word,
    }
    return makers[name]()


def found(words, text):
    return {word for word in words if re.search(rf"\b{re.escape(word)}\b", text)}
