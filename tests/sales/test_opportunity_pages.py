"""The pages of opportunities: list, detail, forms, and the panel on the customer's page."""

from decimal import Decimal

import pytest

from sales.lines import add_line
from sales.models import Opportunity
from tests.customers.makers import contact, customer
from tests.sales import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(alice):
    return makers.opportunity(owner=alice, customer=customer(owner=alice), amount=Decimal(1000))


def form(**fields):
    return {"name": "Ten pumps", "stage": makers.stage(2).pk, "currency": "EUR", **fields}


def test_a_form_opens_an_opportunity_once_however_often_it_is_sent(signed_in, alice):
    acme = customer(owner=alice)
    client = signed_in(alice)
    once = client.get("/sales/opportunities/new/").context["once"]
    post = form(customer=acme.pk, amount="12.50", close_on="2026-12-24", once=once)
    for _click in range(2):
        answer = client.post("/sales/opportunities/new/", post)
        assert answer.status_code == 302
    made = Opportunity.objects.get()
    assert answer.url == f"/sales/opportunities/{made.pk}/"
    assert (made.owner, made.customer, made.stage.order, made.amount) == (alice, acme, 2, Decimal("12.5"))
    assert made.probability == 25


def test_a_customer_out_of_reach_cannot_be_chosen(signed_in, alice, charlie):
    theirs = customer(owner=charlie)
    answer = signed_in(alice).post("/sales/opportunities/new/", form(customer=theirs.pk))
    assert answer.status_code == 422
    assert not Opportunity.objects.exists()


def test_a_contact_brings_its_customer_and_contradicts_no_other(signed_in, alice):
    person = contact(customer("Acme", owner=alice))
    client = signed_in(alice)
    assert client.post("/sales/opportunities/new/", form(contact=person.pk)).status_code == 302
    assert Opportunity.objects.get().customer == person.customer
    other = customer("Other", owner=alice)
    assert client.post("/sales/opportunities/new/", form(contact=person.pk, customer=other.pk)).status_code == 422


def test_only_those_who_assign_open_for_others(signed_in, alice, tess, bob):
    signed_in(alice).post("/sales/opportunities/new/", form(name="Hers", owner=bob.pk))
    signed_in(tess).post("/sales/opportunities/new/", form(name="His", owner=bob.pk))
    assert dict(Opportunity.objects.values_list("name", "owner__name")) == {"Hers": "Alice", "His": "Bob"}


def test_editing_changes_what_was_typed_and_conflicts_only_on_the_same_field(signed_in, alice, deal):
    client = signed_in(alice)
    url = f"/sales/opportunities/{deal.pk}/edit/"
    opened = client.get(url).context["opened"]
    deal.edit({"competitor": "Initech", "next_step": "Call"}, by=alice)
    post = {"name": deal.name, "customer": deal.customer_id, "amount": "1000", "currency": "EUR", "probability": "10",
            "opened_on": deal.opened_on.isoformat(), "opened": opened}  # fmt: skip
    assert client.post(url, {**post, "name": "Eleven pumps"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.name, deal.competitor) == ("Eleven pumps", "Initech")
    assert client.post(url, {**post, "name": "Eleven pumps", "next_step": "Write"}).status_code == 409
    deal.refresh_from_db()
    assert deal.next_step == "Call"


def test_the_amount_of_products_is_shown_and_not_typed(signed_in, alice, deal):
    add_line(deal, makers.product(), by=alice)
    client = signed_in(alice)
    assert client.get(f"/sales/opportunities/{deal.pk}/edit/").context["form"].fields["amount"].disabled


def test_products_are_added_changed_and_removed_on_the_page(signed_in, alice, deal):
    client, pump = signed_in(alice), makers.product()
    url = f"/sales/opportunities/{deal.pk}/products/"
    assert client.post(f"{url}add/", {"product": pump.pk, "quantity": "0"}).status_code == 422
    client.post(f"{url}add/", {"product": pump.pk, "quantity": "2", "discount": "10"})
    line = deal.lines.get()
    assert line.amount == 180
    client.post(f"{url}{line.pk}/", {"quantity": "1", "unit_price": "90"})
    deal.refresh_from_db()
    assert deal.amount == 90
    client.post(f"{url}{line.pk}/remove/")
    assert not deal.lines.exists()


def test_a_refusal_is_told_where_it_was_asked(signed_in, alice):
    deal = makers.opportunity(owner=alice)
    url = f"/sales/opportunities/{deal.pk}/"
    page = signed_in(alice).post(f"{url}win/", {"next": url}, follow=True)
    assert "Choose the customer first" in page.text
    page = signed_in(alice).post(f"{url}lose/", {"next": url}, follow=True)
    assert "Choose a reason" in page.text
    deal.refresh_from_db()
    assert deal.is_open


def test_the_list_sorts_filters_and_searches(signed_in, alice):
    acme, other = customer("Acme", owner=alice), customer("Other", owner=alice)
    pump = makers.product()
    for name, amount, close, buyer in (
        ("A", 1, "2026-03-01", acme),
        ("B", 3, None, other),
        ("C", 2, "2026-01-01", acme),
    ):
        deal = makers.opportunity(name, owner=alice, amount=Decimal(amount), close_on=close, customer=buyer)
        if name == "C":
            add_line(deal, pump, by=alice, unit_price=Decimal(2))
    client = signed_in(alice)

    def names(query):
        return [row.name for row in client.get(f"/sales/opportunities/?{query}").context["table"].rows]

    assert names("sort=amount") == ["B", "C", "A"]
    assert names("sort=close") == ["C", "A", "B"]
    assert names("") == ["C", "B", "A"]
    assert names(f"customer={acme.pk}&sort=close") == ["C", "A"]
    assert names(f"product={pump.pk}") == ["C"]
    assert names(f"stage={makers.stage(2).pk}") == []
    assert names("state=open&amount_min=2&sort=amount") == ["B", "C"]


def test_the_list_pages_by_close_and_amount(signed_in, alice, monkeypatch):
    from sales.lists import opportunity_list

    for number in range(5):
        makers.opportunity(f"D{number}", owner=alice, amount=Decimal(number), close_on=f"2026-01-0{number + 1}")
    makers.opportunity("Empty", owner=alice)
    object.__setattr__(opportunity_list, "page_size", 2)
    client = signed_in(alice)
    try:
        for sort, first in (("close", "D0"), ("amount", "D4")):
            seen, url = [], f"/sales/opportunities/?sort={sort}"
            while url:
                table = client.get(url).context["table"]
                seen += [row.name for row in table.rows]
                url = table.older
            assert len(seen) == len(set(seen)) == 6
            assert (seen[0], seen[-1]) == (first, "Empty")
    finally:
        object.__setattr__(opportunity_list, "page_size", 50)


def test_the_customer_s_page_shows_its_opportunities_open_ones_first(signed_in, alice, finn, deal):
    won = makers.opportunity("Won before", owner=alice, customer=deal.customer)
    won.win(by=alice)
    page = signed_in(alice).get(f"/customers/{deal.customer_id}/").text
    assert page.index(deal.name) < page.index("Won before")
    assert f"/sales/opportunities/new/?customer={deal.customer_id}" in page
    assert deal.name not in signed_in(finn).get(f"/customers/{deal.customer_id}/").text
