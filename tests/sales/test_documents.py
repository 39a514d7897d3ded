"""Money rules of documents: what the database says is what plain Python says."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.models import Event
from records.refusals import Refused
from sales.amounts import line_amount, parts, totals
from sales.create_document import create_quote, order_quote, revise
from sales.document_lines import add_line, change_line, remove_line
from sales.models import Quote, QuoteLine
from tests.customers import makers as customers
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
LINE = st.tuples(
    st.decimals("0.001", "999", places=3), st.decimals(0, 9999, places=4), st.decimals(0, 100, places=2),
    st.sampled_from([Decimal(0), Decimal(7), Decimal(19), Decimal("8.1")]),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, min_size=1, max_size=6), currency=st.sampled_from(["EUR", "JPY"]), include=st.booleans())
def test_totals_of_the_database_are_those_of_python(alice, db, lines, currency, include):
    with transaction.atomic():
        quote = create_quote(customers.customer(owner=alice), by=alice, currency=currency, prices_include_tax=include)
        for quantity, price, discount, rate in lines:
            add_line(quote, by=alice, name="x", quantity=quantity, unit_price=price, discount=discount, tax_rate=rate)
        amounts = [(rate, line_amount(q, price, discount, currency)) for q, price, discount, rate in lines]
        expected = totals(amounts, currency, include_tax=include)
        assert (quote.net, quote.tax, quote.gross) == (expected.net, expected.tax, expected.gross)
        assert quote.net + quote.tax == quote.gross
        transaction.set_rollback(True)


@given(total=st.decimals(0, 10**6, places=2), percents=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_parts_are_together_the_whole(total, percents):
    percents = [Decimal(p) for p in percents]
    percents[-1] += 100 - sum(percents)
    assert sum(parts(total, percents, "EUR")) == total


def test_a_line_takes_price_tax_and_cost_from_its_product(alice):
    pump = makers.product("Pump", price=Decimal(80), cost=Decimal(50), tax_rate=Decimal(19))
    quote = documents.quote(owner=alice, price=20)
    line = add_line(quote, by=alice, product=pump, quantity=Decimal(2))
    assert (line.name, line.unit_price, line.tax_rate, line.cost) == ("Pump", 80, 19, 50)
    assert (quote.net, quote.tax, quote.gross, quote.cost, quote.margin) == (
        180,
        Decimal("30.40"),
        Decimal("210.40"),
        100,
        80,
    )


def test_a_later_price_changes_no_line(alice):
    pump = makers.product("Pump", price=Decimal(80), cost=Decimal(50))
    quote = documents.quote(owner=alice)
    line = add_line(quote, by=alice, product=pump)
    type(pump).objects.update(price=90, cost=60)
    line.refresh_from_db()
    assert (line.unit_price, line.cost) == (80, 50)


def test_a_product_without_a_price_in_the_currency_asks_for_one(alice):
    pump = makers.product("Pump", currency="USD")
    quote = documents.quote(owner=alice)
    with pytest.raises(Refused, match="EUR"):
        add_line(quote, by=alice, product=pump)
    assert add_line(quote, by=alice, product=pump, unit_price=Decimal(70)).amount == 70


def test_changing_and_removing_a_line_sums_up_again(alice):
    quote = documents.quote(owner=alice, price=10, quantity=3)
    second = add_line(quote, by=alice, name="Valve", unit_price=Decimal(5))
    change_line(quote.lines.first(), by=alice, quantity=Decimal(1))
    quote.refresh_from_db()
    assert quote.net == 15
    remove_line(second, by=alice)
    quote.refresh_from_db()
    assert quote.net == 10


def test_including_tax_reckons_the_totals_anew(alice):
    quote = documents.quote(owner=alice, price=119)
    change_line(quote.lines.first(), by=alice, tax_rate=Decimal(19))
    quote.edit({"prices_include_tax": True}, by=alice)
    quote.refresh_from_db()
    assert (quote.net, quote.tax, quote.gross) == (100, 19, 119)


def test_an_amount_that_is_not_reckoned_is_refused_by_the_database(alice):
    quote = documents.quote(owner=alice)
    with pytest.raises(IntegrityError, match="quote_line_amount_is_reckoned"), transaction.atomic():
        QuoteLine.objects.filter(quote=quote).update(amount=1)


def test_numbers_follow_one_another_and_a_rollback_takes_none(alice):
    first = documents.quote(owner=alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        documents.quote(owner=alice)
        raise ZeroDivisionError
    second = documents.quote(owner=alice)
    assert int(second.number[-5:]) == int(first.number[-5:]) + 1


@pytest.mark.parametrize("change", [{"terms": "x"}, {"net": 1}, {"currency": "USD"}, {"valid_until": "2031-01-01"}])
def test_an_approved_quote_is_frozen_by_the_database(alice, change):
    quote = documents.quote(owner=alice)
    quote.submit(by=alice)
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(**change)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        quote.lines.update(name="Another")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        quote.lines.all().delete()
    with pytest.raises(Refused):
        add_line(quote, by=alice, name="One more", unit_price=Decimal(1))


def test_a_quote_without_lines_is_not_submitted(alice):
    quote = create_quote(customers.customer(owner=alice), by=alice)
    with pytest.raises(Refused, match="at least one line"):
        quote.submit(by=alice)
    assert quote.state == "draft"


def test_a_quote_that_needs_approval_waits_and_may_come_back(alice, tess):
    quote = documents.quote(owner=alice)
    quote.submit(by=alice, reason="discount")
    assert quote.state == "pending"
    quote.return_to_draft("Too cheap", by=tess)
    assert (quote.state, quote.comment) == ("draft", "Too cheap")
    quote.submit(by=alice, reason="discount")
    quote.approve(by=tess)
    assert (quote.state, quote.approved_by) == ("approved", tess)


def test_a_revision_supersedes_the_old_quote_and_has_its_lines(alice):
    quote = documents.quote(owner=alice, price=70)
    quote.submit(by=alice)
    again = revise(quote, by=alice)
    quote.refresh_from_db()
    assert (quote.state, again.state, again.revision, again.supersedes, again.net) == (
        "superseded",
        "draft",
        2,
        quote,
        70,
    )
    with pytest.raises(Refused):
        revise(quote, by=alice)


def test_only_an_accepted_quote_becomes_an_order_and_only_one(alice):
    quote = documents.quote(owner=alice, price=70)
    with pytest.raises(Refused):
        order_quote(quote, by=alice)
    quote.submit(by=alice)
    Quote.objects.filter(pk=quote.pk).update(
        state="accepted", sent_at="2026-01-01T00:00Z", decided_at="2026-01-01T00:00Z"
    )
    order = order_quote(quote, by=alice)
    assert (order.gross, order.quote, order.customer) == (70, quote, quote.customer)
    assert order_quote(quote, by=alice) == order
    assert Event.objects.filter(verb="create", subject_kind="order", by=alice).count() == 1


def test_a_quote_takes_the_products_of_its_opportunity(alice):
    from sales.lines import add_line as add_product

    customer = customers.customer(owner=alice)
    opportunity = makers.opportunity(owner=alice, customer=customer, currency="EUR")
    add_product(opportunity, makers.product("Pump"), by=alice, quantity=Decimal(3), discount=Decimal(10))
    quote = create_quote(customer, by=alice, opportunity=opportunity)
    line = quote.lines.get()
    assert (line.quantity, line.unit_price, line.discount, quote.net) == (3, 100, 10, 270)
