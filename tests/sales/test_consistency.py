"""What a customer was told before is shown before a quote is sent, and beyond the limit somebody approves."""

from decimal import Decimal

import pytest
from django.core.cache import cache

from accounts.models import Company
from records.models import Event
from sales.approval import submit_quote
from sales.consistency import earlier_of, largest_drop
from sales.create_document import create_quote
from sales.document_lines import add_line
from sales.models import QuotePolicy
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(alice):
    return customer("Acme", owner=alice)


@pytest.fixture
def pump(db):
    return makers.product("Pump")


def with_pump(owner, acme, pump, price, *, discount=0, **values):
    made = create_quote(acme, by=owner, currency="EUR", **values)
    add_line(made, by=owner, product=pump, unit_price=Decimal(price), discount=Decimal(discount))
    return made


def told(user, quote):
    return [(one.label, one.price, one.now) for one in earlier_of(user, quote)]


def test_another_price_is_shown_the_same_one_is_not(alice, acme, pump):
    first = with_pump(alice, acme, pump, 100)
    assert told(alice, with_pump(alice, acme, pump, 100)) == []
    cheaper = with_pump(alice, acme, pump, 100, discount=20)
    assert (first.number, Decimal(100), Decimal(80)) in told(alice, cheaper)
    other = with_pump(alice, customer("Other", owner=alice), pump, 50)
    assert told(alice, other) == []


def test_other_terms_are_shown_at_the_same_price(alice, acme, pump):
    with_pump(alice, acme, pump, 100, terms="30 days")
    [one] = earlier_of(alice, with_pump(alice, acme, pump, 100, terms="60 days"))
    assert one.has_other_terms
    assert one.price == one.now


def test_a_quote_out_of_reach_is_told_without_number_or_link(alice, charlie, acme, pump):
    cache.clear()
    hidden = with_pump(charlie, customer("Hidden", owner=charlie), pump, 90)
    type(hidden).objects.filter(pk=hidden.pk).update(customer=acme, customer_owner=None, customer_team=None)
    type(acme).objects.filter(pk=acme.pk).update(owner=charlie, team=charlie.team)
    acme.refresh_from_db()
    mine = with_pump(alice, acme, pump, 80)
    [one] = earlier_of(alice, mine)
    assert (one.label, one.url, one.owner, one.price, one.is_open) == ("Quote of a colleague", "", charlie, 90, True)
    assert Event.objects.filter(verb="tell_existence", subject_id=hidden.pk, by=alice).exists()
    Company.objects.update(tells_existence=False)
    assert earlier_of(alice, mine) == []


def test_far_below_what_was_sent_or_paid_waits_for_approval_with_the_reason(alice, acme, pump):
    policy = QuotePolicy.get()
    QuotePolicy.objects.filter(pk=policy.pk).update(drop_limit=10)
    sent = with_pump(alice, acme, pump, 100)
    sent.submit(by=alice)
    type(sent).objects.filter(pk=sent.pk).update(state="sent", sent_at=sent.created_at)
    with_pump(alice, acme, pump, 500)  # a draft that nobody has seen binds nobody
    near, far = with_pump(alice, acme, pump, 90), with_pump(alice, acme, pump, 85)
    assert (largest_drop(near), largest_drop(far)) == (10, 15)
    submit_quote(near, by=alice)
    submit_quote(far, by=alice)
    assert (near.state, far.state) == ("approved", "pending")
    assert "15 % below" in far.comment


def test_the_page_of_a_draft_shows_it_and_that_of_a_sent_quote_does_not(signed_in, alice, acme, pump):
    with_pump(alice, acme, pump, 100)
    quote = with_pump(alice, acme, pump, 80)
    page = signed_in(alice).get(f"/sales/quotes/{quote.pk}/")
    assert "Told before" in page.text
    quote.submit(by=alice)
    type(quote).objects.filter(pk=quote.pk).update(state="sent", sent_at=quote.created_at)
    assert "Told before" not in signed_in(alice).get(f"/sales/quotes/{quote.pk}/").text
