"""``/api/v1/``: products, opportunities, quotes, orders and their money."""

from decimal import Decimal

import pytest

from sales import collect, issue_invoice
from sales.models import Order
from tests.customers import makers as customers
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db


def test_a_product_is_made_and_changed_by_operations_only(api, olga, alice):
    sent = {"name": "Pump", "code": "P1", "price": {"amount": "12.50", "currency": "EUR"}}
    assert api(alice, "products", sent).status_code == 403
    made = api(olga, "products", sent).json()
    assert made["price"] == {"amount": "12.50", "currency": "EUR"}
    assert "cost" not in made
    changed = api(olga, f"products/{made['id']}", {"code": "P2"}, method="patch", version=made["version"])
    assert changed.json()["code"] == "P2"
    assert api(olga, "products", {"name": "Other", "code": "p2"}).status_code == 422
    assert api(alice, "products?q=pump").json()["items"][0]["id"] == made["id"]


def test_an_opportunity_is_opened_changed_and_deleted(api, alice, bob):
    customer = customers.customer(owner=alice)
    sent = {"name": "Pumps", "customer": customer.pk, "amount": {"amount": "12.5", "currency": "EUR"}}
    made = api(alice, "opportunities", sent).json()
    assert (made["owner"], made["state"], made["amount"]["amount"]) == (alice.pk, "open", "12.50")
    assert "customer" in api(bob, "opportunities", sent).json()["errors"]
    path = f"opportunities/{made['id']}"
    assert api(alice, path, {"next_step": "Call"}, method="patch").status_code == 428
    changed = api(alice, path, {"next_step": "Call"}, method="patch", version=made["version"])
    assert changed.json()["next_step"] == "Call"
    assert api(alice, path, {"next_step": "x"}, method="patch", version=made["version"]).status_code == 412
    assert api(bob, path).status_code == 404
    assert api(alice, path, method="delete").status_code == 204


def test_an_opportunity_moves_is_lost_reopened_and_won(api, alice, tess, bob):
    opportunity = makers.opportunity(owner=alice, customer=customers.customer(owner=alice))
    path, second = f"opportunities/{opportunity.pk}", makers.stage(2)
    assert api(alice, f"{path}/move").status_code == 422
    assert api(alice, f"{path}/move", {"stage": 999_999}).status_code == 422
    assert api(alice, f"{path}/move", {"stage": second.pk}).json()["stage"] == second.pk
    assert api(alice, f"{path}/lose", {"reason": "price"}).json()["lost_reason"] == "price"
    refused = api(alice, f"{path}/win").json()
    assert (refused["status"], refused["state"], refused["allowed"]) == (409, "lost", ["reopen"])
    assert api(alice, f"{path}/reopen").json()["state"] == "open"
    assert api(alice, f"{path}/assign", {"owner": bob.pk}).status_code == 403
    assert api(tess, f"{path}/assign", {"owner": bob.pk}).json()["owner"] == bob.pk
    assert api(bob, f"{path}/win").json()["state"] == "won"


def test_a_quote_goes_to_the_customers_yes(api, alice):
    quote = documents.quote(owner=alice)
    path = f"quotes/{quote.pk}"
    assert api(alice, f"{path}/submit").json()["state"] == "approved"
    assert api(alice, f"{path}/approve").status_code == 403
    sent = documents.sent_quote(owner=alice)
    assert api(alice, f"quotes/{sent.pk}/accept", {"name": "Maria"}).json()["accepted_name"] == "Maria"
    declined = documents.sent_quote(owner=alice)
    assert api(alice, f"quotes/{declined.pk}/decline", {}).status_code == 409
    assert api(alice, f"quotes/{declined.pk}/decline", {"reason": "price"}).json()["state"] == "declined"
    revised = api(alice, f"quotes/{declined.pk}/revise").json()
    assert (revised["supersedes"], revised["revision"], revised["state"]) == (declined.pk, 2, "draft")
    assert api(alice, f"quotes/{revised['id']}/withdraw").json()["state"] == "withdrawn"


def test_a_quote_is_written_for_a_customer_in_reach(api, alice, bob):
    customer = customers.customer(owner=alice)
    made = api(alice, "quotes", {"customer": customer.pk, "currency": "EUR"}).json()
    assert made["gross"] == {"amount": "0.00", "currency": "EUR"}
    assert "customer" in api(bob, "quotes", {"customer": customer.pk}).json()["errors"]
    path = f"quotes/{made['id']}"
    assert api(alice, path, {"terms": "30 days"}, method="patch", version=made["version"]).json()["terms"] == "30 days"
    assert api(alice, path, {"terms": "x"}, method="patch", version=made["version"]).status_code == 412


def test_an_order_is_confirmed_by_who_may_and_runs_to_its_end(api, alice, tess):
    order = documents.draft_order(owner=alice)
    path = f"orders/{order.pk}"
    assert api(alice, f"{path}/confirm").status_code == 403
    assert api(tess, f"{path}/confirm").json()["state"] == "confirmed"
    for verb, state in (("ship", "shipped"), ("deliver", "delivered"), ("close", "closed")):
        assert api(alice, f"{path}/{verb}").json()["state"] == state
    assert api(tess, f"{path}/cancel", {"reason": "no such"}).status_code == 409
    assert api(alice, f"{path}/ship").json()["reason"] == "state"
    assert api(alice, path, {"terms": "x"}, method="patch", version=Order.objects.get().version).status_code == 409


def test_the_money_of_an_order_is_read_within_its_reach(api, alice, charlie, finn):
    order = documents.order(owner=alice)
    first, _second = collect.plan(order, documents.halves(), by=finn)
    issue_invoice.invoice(first, by=finn)
    collect.receive(order, Decimal(50), by=finn)
    for path, count in (("instalments", 2), ("invoices", 1), ("receipts", 1)):
        items = api(alice, f"{path}?order={order.pk}").json()["items"]
        assert len(items) == count
        assert items[0]["amount"] == {"amount": "50.00", "currency": "EUR"}
        assert api(charlie, path).json()["items"] == []
        assert api(charlie, f"{path}/{items[0]['id']}").status_code == 404


@pytest.mark.parametrize("path", ["opportunities", "quotes", "orders"])
def test_nothing_of_another_person_leaks(api, alice, charlie, path):
    makers.opportunity("Quokka", owner=alice)
    documents.quote(owner=alice, terms="Quokka")
    documents.order(owner=alice, terms="Quokka")
    assert b"Quokka" in api(alice, path).content
    assert api(charlie, path).json()["items"] == []


def test_a_page_of_thirty_asks_as_often_as_one_of_three(api, alice, count_queries):
    paths = ("opportunities", "quotes", "products")

    def make(count):
        for _number in range(count):
            makers.opportunity(owner=alice)
            documents.quote(owner=alice)
            makers.product()

    make(3)
    few = [count_queries(lambda path=path: api(alice, path)) for path in paths]
    make(27)
    assert [count_queries(lambda path=path: api(alice, path)) for path in paths] == few


@pytest.mark.parametrize(
    ("path", "sent"),
    [("opportunities", {"name": "a\x00"}), ("opportunities", {"name": "A", "probability": 101}),
     ("opportunities", {"name": "A", "amount": {"amount": "-1", "currency": "EUR"}}),
     ("opportunities", {"name": "A", "close_on": "0001-01-01"}), ("opportunities", {"name": "A", "stage": 2**62}),
     ("quotes", {}), ("quotes", {"customer": 1, "language": "xx"}), ("orders", {"customer": 2**62})],
)  # fmt: skip
def test_what_cannot_be_is_refused(api, alice, path, sent):
    assert api(alice, path, sent).status_code == 422
