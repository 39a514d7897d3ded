"""Quotes and orders on other pages and for the clock: the customer's way, today, the trash, the pools, the jobs."""

import datetime

import pytest
from django.utils import timezone

from customers.conditions import conditions
from customers.models import Customer
from customers.today import today_for
from records.jobs import run_job
from records.models import Event
from records.refusals import Refused
from sales.collect import plan, receive
from sales.create_document import order_quote
from sales.models import Instalment, Quote
from sales.run_order import cancel, deliver
from tests.customers.makers import customer
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
AFTER = datetime.datetime(2030, 1, 2, 12, tzinfo=datetime.UTC)
LAST_DAY = datetime.datetime(2030, 1, 1, 12, tzinfo=datetime.UTC)


def now_on_the_way(client, acme):
    way = client.get(f"/customers/{acme.pk}/").context["page"].way
    here = next((step for step in way if step["state"] == "now"), None)
    return (here["label"], here["url"]) if here else ("paid", "")


def test_the_customer_s_page_leads_from_the_opportunity_to_the_last_receipt(signed_in, alice, finn):
    acme = customer(owner=alice)
    client = signed_in(alice)
    assert now_on_the_way(client, acme) == ("Open an opportunity", f"/sales/opportunities/new/?customer={acme.pk}")
    deal = makers.opportunity(owner=alice, customer=acme, stage=makers.stage(3))
    assert now_on_the_way(client, acme) == ("Write a quote", f"/sales/quotes/new/?opportunity={deal.pk}")
    quote = documents.sent_quote(owner=alice, customer=acme)
    assert now_on_the_way(client, acme)[1] == f"/sales/quotes/{quote.pk}/"
    quote.accept(by=alice)
    assert now_on_the_way(client, acme) == ("Make the order", f"/sales/quotes/{quote.pk}/")
    from sales.run_order import confirm

    order = order_quote(quote, by=alice)
    assert "waits for confirmation" in now_on_the_way(client, acme)[0]
    confirm(order, by=finn)
    assert now_on_the_way(client, acme)[0] == "Plan the payment"
    plan(order, documents.halves(), by=alice)
    assert "€100.00 open" in now_on_the_way(client, acme)[0]
    receive(order, order.gross, by=finn)
    assert now_on_the_way(client, acme) == ("paid", "")
    page = client.get(f"/customers/{acme.pk}/").text
    assert quote.number in page
    assert order.number in page


def test_those_without_a_right_to_quotes_and_orders_see_neither_way_nor_panels(signed_in, alice, finn):
    acme = customer(owner=alice)
    quote = documents.quote(owner=alice, customer=acme)
    assert quote.number not in signed_in(finn).get(f"/customers/{acme.pk}/").text


def test_a_customer_with_a_confirmed_order_stays_out_of_the_trash(alice):
    acme = customer(owner=alice)
    documents.draft_order(owner=alice, customer=acme)
    order = documents.order(owner=alice, customer=acme)
    with pytest.raises(Refused, match=order.number):
        acme.trash(by=alice)


def test_an_open_order_exempts_until_it_is_paid_or_cancelled(alice, finn):
    acme = customer(owner=alice)

    def exempt():
        return Customer.objects.filter(conditions["open_order"].expression(None), pk=acme.pk).exists()

    assert not exempt()
    order = documents.order(owner=alice, customer=acme)
    assert exempt()
    deliver(order, by=alice)
    plan(order, documents.halves(), by=alice)
    assert exempt()
    receive(order, order.gross, by=finn)
    assert not exempt()
    other = documents.order(owner=alice, customer=acme)
    cancel(other, documents.reason("order_cancel_reason", "mistake"), by=alice)
    assert not exempt()


def test_a_quote_expires_after_its_last_day_once(alice):
    quote, other = documents.sent_quote(owner=alice), documents.quote(owner=alice)
    assert run_job("sales.expire_quotes", now=LAST_DAY).moved == 0
    assert run_job("sales.expire_quotes", now=AFTER, dry_run=True).moved == 1
    assert Quote.objects.get(pk=quote.pk).state == "sent"
    assert run_job("sales.expire_quotes", now=AFTER).moved == 1
    assert run_job("sales.expire_quotes", now=AFTER).moved == 0
    assert set(Quote.objects.values_list("pk", "state")) == {(quote.pk, "expired"), (other.pk, "draft")}
    event = Event.objects.get(verb="expire")
    assert (event.subject_id, event.by, event.customer_id) == (quote.pk, None, quote.customer_id)


def test_many_quotes_expire_in_portions(alice, monkeypatch):
    monkeypatch.setattr("sales.document_jobs.PORTION", 2)
    acme = customer(owner=alice)
    for _number in range(5):
        documents.sent_quote(owner=alice, customer=acme)
    assert run_job("sales.expire_quotes", now=AFTER).moved == 5
    assert Event.objects.filter(verb="expire").count() == 5


def test_an_instalment_becomes_due_on_its_day(alice):
    order = documents.order(owner=alice)
    plan(order, documents.halves(datetime.date(2030, 1, 1)), by=alice)
    before = LAST_DAY - datetime.timedelta(days=1)
    assert run_job("sales.instalments_due", now=before).moved == 0
    assert run_job("sales.instalments_due", now=LAST_DAY).moved == 1
    assert run_job("sales.instalments_due", now=LAST_DAY).moved == 0
    assert list(Instalment.objects.order_by("position").values_list("state", flat=True)) == ["due", "planned"]


def test_today_tells_what_ends_what_waits_and_what_is_late(alice, tess, finn):
    documents.sent_quote(owner=alice, valid_until=timezone.localdate() + datetime.timedelta(days=2))
    waiting = documents.quote(owner=alice)
    waiting.submit(by=alice, reason="15 %")
    draft = documents.draft_order(owner=alice)
    order = documents.order(owner=alice)
    plan(order, documents.halves(datetime.date(2026, 1, 1)), by=alice)

    def titles(user):
        blocks = today_for(user, now=timezone.now()).blocks
        return {str(block.title): [item.title for item in block.items] for block in blocks}

    rep, lead, money = titles(alice), titles(tess), titles(finn)
    assert len(rep["Quotes that end soon"]) == 1
    assert "Quotes to approve" not in rep
    assert lead["Quotes to approve"] == [waiting.number]
    assert money["Orders to confirm"] == [draft.number]
    assert "Instalments overdue" in rep
    assert money["Instalments overdue"] == [f"{order.number} / 1", f"{order.number} / 2"]
