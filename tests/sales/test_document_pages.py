"""The pages of quotes and orders, from the empty draft to the last receipt."""

import datetime
from decimal import Decimal

import pytest

from records.models import Event
from sales.models import Order, Quote, QuotePolicy, Receipt
from tests.customers.makers import customer
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db


def names(answer):
    return [row.name for row in answer.context["table"].rows]


def acts(answer):
    return answer.context["page"].act_names


def test_a_form_writes_a_quote_once_however_often_it_is_sent(signed_in, alice):
    acme = customer(owner=alice)
    client = signed_in(alice)
    page = client.get(f"/sales/quotes/new/?customer={acme.pk}")
    post = {"customer": acme.pk, "valid_until": "2030-01-31", "language": "", "currency": "", "intro": "Dear Sir",
            "once": page.context["once"]}  # fmt: skip
    for _click in range(2):
        assert client.post("/sales/quotes/new/", post).status_code == 302
    quote = Quote.objects.get()
    assert (quote.owner, quote.customer, quote.intro) == (alice, acme, "Dear Sir")
    assert quote.valid_until == datetime.date(2030, 1, 31)


def test_a_quote_from_an_opportunity_takes_its_customer_and_products(signed_in, alice):
    from sales.lines import add_line

    deal = makers.opportunity(owner=alice, customer=customer(owner=alice), stage=makers.stage(3))
    add_line(deal, makers.product(), by=alice, quantity=Decimal(3))
    client = signed_in(alice)
    initial = client.get(f"/sales/quotes/new/?opportunity={deal.pk}").context["form"].initial
    assert initial["customer"] == deal.customer_id
    client.post("/sales/quotes/new/", {"customer": deal.customer_id, "opportunity": deal.pk,
                                       "valid_until": "2030-01-31", "currency": "EUR"})  # fmt: skip
    quote = Quote.objects.get()
    assert (quote.opportunity, quote.lines.get().quantity, quote.net) == (deal, 3, 300)


def test_a_contact_of_another_customer_is_refused(signed_in, alice):
    from tests.customers.makers import contact

    acme, other = customer("Acme", owner=alice), customer("Other", owner=alice)
    post = {"customer": acme.pk, "contact": contact(other).pk, "valid_until": "2030-01-31"}
    assert signed_in(alice).post("/sales/quotes/new/", post).status_code == 422
    assert not Quote.objects.exists()


def test_lines_are_added_changed_and_removed_on_the_page(signed_in, alice):
    quote = documents.quote(owner=alice)
    client, url = signed_in(alice), f"/sales/quotes/{quote.pk}/"
    assert client.post(f"{url}lines/add/", {"quantity": "2"}).status_code == 422
    assert client.post(f"{url}lines/add/", {"name": "Hose", "unit_price": "10", "quantity": "2"}).status_code == 302
    line = quote.lines.get(name="Hose")
    change = {"name": "Long hose", "quantity": "3", "unit_price": "10", "discount": "10", "tax_rate": "20"}
    assert client.post(f"{url}lines/{line.pk}/", change).status_code == 302
    quote.refresh_from_db()
    assert (quote.net, quote.tax, quote.gross) == (127, Decimal("5.4"), Decimal("132.4"))
    client.post(f"{url}lines/{line.pk}/remove/")
    assert quote.lines.count() == 1


def test_a_product_without_price_is_refused_in_the_form(signed_in, alice):
    quote = documents.quote(owner=alice)
    answer = signed_in(alice).post(
        f"/sales/quotes/{quote.pk}/lines/add/", {"product": makers.product(price=None).pk, "quantity": "1"}
    )
    assert answer.status_code == 422
    assert quote.lines.count() == 1


def test_what_is_no_draft_is_not_edited_whoever_had_its_form_open(signed_in, alice):
    quote = documents.quote(owner=alice)
    client, url = signed_in(alice), f"/sales/quotes/{quote.pk}/"
    opened = client.get(f"{url}edit/").context["opened"]
    quote.submit(by=alice)
    post = {"opened": opened, "valid_until": "2031-01-01", "currency": "EUR", "language": "en", "terms": "New"}
    assert client.post(f"{url}edit/", post).status_code == 302
    line = quote.lines.get()
    assert client.post(f"{url}lines/{line.pk}/remove/").status_code == 302
    quote.refresh_from_db()
    assert (quote.terms, quote.lines.count()) == ("", 1)


def test_a_large_discount_waits_for_the_supervisor(signed_in, alice, tess):
    QuotePolicy.objects.create(discount_limit=10)
    quote = documents.quote(owner=alice)
    from sales.document_lines import change_line

    change_line(quote.lines.get(), by=alice, discount=Decimal(15))
    url = f"/sales/quotes/{quote.pk}/"
    page = signed_in(alice).post(f"{url}submit/", follow=True)
    quote.refresh_from_db()
    assert quote.state == "pending"
    assert "approve" not in acts(page)
    assert signed_in(alice).post(f"{url}approve/").status_code == 403
    assert "above the limit" in quote.comment
    signed_in(tess).post(f"{url}return/", {"reason": "Ten at most"})
    quote.refresh_from_db()
    assert (quote.state, quote.comment) == ("draft", "Ten at most")
    signed_in(alice).post(f"{url}submit/")
    signed_in(tess).post(f"{url}approve/")
    quote.refresh_from_db()
    assert (quote.state, quote.approved_by) == ("approved", tess)


def test_a_quote_within_the_limit_is_approved_at_once(signed_in, alice):
    quote = documents.quote(owner=alice)
    signed_in(alice).post(f"/sales/quotes/{quote.pk}/submit/")
    quote.refresh_from_db()
    assert quote.state == "approved"


def test_an_accepted_quote_becomes_one_order(signed_in, alice):
    quote = documents.sent_quote(owner=alice)
    client, url = signed_in(alice), f"/sales/quotes/{quote.pk}/"
    page = client.post(f"{url}accept/", {"name": "Ms Li"}, follow=True)
    assert "order" in acts(page)
    for _click in range(2):
        answer = client.post(f"{url}order/")
    order = Order.objects.get()
    assert answer.url == f"/sales/orders/{order.pk}/"
    assert "order" not in acts(client.get(url))
    assert order.number in client.get(url).text


def test_a_declined_quote_has_its_reason_and_is_revised(signed_in, alice):
    quote = documents.sent_quote(owner=alice)
    client, url = signed_in(alice), f"/sales/quotes/{quote.pk}/"
    client.post(f"{url}decline/", {"reason": "nonsense"})
    quote.refresh_from_db()
    assert quote.state == "sent"
    client.post(f"{url}decline/", {"reason": "price"})
    answer = client.post(f"{url}revise/")
    again = Quote.objects.get(revision=2)
    assert answer.url == f"/sales/quotes/{again.pk}/"
    assert again.number in client.get(url).text


def test_the_way_of_an_order_to_its_last_receipt(signed_in, alice, finn):
    order = documents.draft_order(owner=alice)
    url, rep = f"/sales/orders/{order.pk}/", signed_in(alice)
    assert acts(rep.get(url)) == {"cancel"}
    assert rep.post(f"{url}confirm/").status_code == 403
    signed_in(finn).post(f"{url}confirm/")
    signed_in(alice).post(f"{url}plan/", {"preset": "halves"})
    assert [one.amount for one in order.instalments.all()] == [50, 50]
    first, money = order.instalments.first(), signed_in(finn)
    money.post(f"{url}instalments/{first.pk}/invoice/")
    post = {"amount": "60", "received_on": "2026-03-02", "key": "one click"}
    for _click in range(2):
        money.post(f"{url}receipts/add/", post)
    assert Receipt.objects.count() == 1
    money.post(f"{url}receipts/add/", {**post, "amount": "50", "key": "another"})
    order.refresh_from_db()
    assert order.is_paid
    page = money.get(url)
    assert page.context["money"].credit == 10
    for verb in ("ship", "deliver", "close"):
        signed_in(alice).post(f"{url}{verb}/")
    order.refresh_from_db()
    assert order.state == "closed"


def test_a_plan_typed_in_rows_is_the_whole_or_nothing(signed_in, alice):
    order = documents.order(owner=alice)
    client, url = signed_in(alice), f"/sales/orders/{order.pk}/plan/"
    rows = {"plan-TOTAL_FORMS": "6", "plan-INITIAL_FORMS": "0", "plan-0-percent": "30",
            "plan-0-due_on": "2030-01-01", "plan-0-condition": "on order", "plan-1-percent": "60",
            "plan-1-due_on": "2030-02-01"}  # fmt: skip
    client.post(url, rows)
    assert not order.instalments.exists()
    assert client.post(url, {**rows, "plan-1-due_on": ""}).status_code == 422
    client.post(url, {**rows, "plan-1-percent": "70"})
    assert list(order.instalments.values_list("amount", "condition")) == [(30, "on order"), (70, "")]


def test_a_receipt_of_tomorrow_is_refused(signed_in, alice, finn):
    order = documents.order(owner=alice)
    answer = signed_in(finn).post(f"/sales/orders/{order.pk}/receipts/add/", {"amount": 5, "received_on": "2999-01-01"})
    assert answer.status_code == 422
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("verb", ["confirm", "ship", "cancel", "receipts/add", "plan"])
def test_who_may_only_look_changes_no_order(signed_in, alice, erin, verb):
    order = documents.order(owner=alice)
    before = Event.objects.count()
    assert signed_in(erin).post(f"/sales/orders/{order.pk}/{verb}/", {"preset": "whole"}).status_code == 403
    assert Event.objects.count() == before


@pytest.mark.parametrize("verb", ["submit", "approve", "return", "accept", "decline", "withdraw", "revise", "order"])
def test_who_may_only_look_changes_no_quote(signed_in, alice, erin, verb):
    quote = documents.sent_quote(owner=alice)
    before = Event.objects.count()
    assert signed_in(erin).post(f"/sales/quotes/{quote.pk}/{verb}/", {"reason": "price"}).status_code == 403
    assert Event.objects.count() == before


def test_the_margin_is_for_those_who_see_cost(signed_in, alice, tess):
    quote = documents.quote(owner=alice)
    url = f"/sales/quotes/{quote.pk}/"
    assert not signed_in(alice).get(url).context["page"].sees_cost
    assert signed_in(tess).get(url).context["page"].sees_cost


def test_the_lists_filter_and_keep_their_number_of_queries(signed_in, alice, django_assert_max_num_queries):
    acme = customer("Acme", owner=alice)
    first = documents.quote(owner=alice, customer=acme, valid_until=datetime.date(2029, 1, 1))
    second = documents.quote(owner=alice)
    second.submit(by=alice)
    paid = documents.order(owner=alice, customer=acme)
    client = signed_in(alice)
    assert names(client.get("/sales/quotes/")) == [second.number, first.number]
    assert names(client.get("/sales/quotes/?sort=valid")) == [first.number, second.number]
    assert names(client.get("/sales/quotes/?state=approved")) == [second.number]
    assert names(client.get(f"/sales/quotes/?customer={acme.pk}")) == [first.number]
    assert names(client.get("/sales/orders/?paid=no")) == [paid.number]
    assert names(client.get("/sales/orders/?paid=yes")) == []
    with django_assert_max_num_queries(40) as few:
        client.get("/sales/quotes/")
    for _number in range(5):
        documents.quote(owner=alice)
    with django_assert_max_num_queries(len(few)):
        client.get("/sales/quotes/")


def test_the_page_asks_the_same_number_of_questions_for_many_lines(signed_in, alice, django_assert_max_num_queries):
    from sales.document_lines import add_line

    quote = documents.quote(owner=alice)
    add_line(quote, by=alice, product=makers.product("P"))
    client = signed_in(alice)
    with django_assert_max_num_queries(60) as few:
        client.get(f"/sales/quotes/{quote.pk}/")
    for number in range(5):
        add_line(quote, by=alice, product=makers.product(f"P{number}"))
    with django_assert_max_num_queries(len(few)):
        client.get(f"/sales/quotes/{quote.pk}/")
