"""Orders and receipts in the contribution, against plain Python over the same rows."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest

from reports.asked import Asked
from reports.contribution import contribution
from reports.period import Period
from sales.collect import plan, receive
from sales.create_document import create_order
from sales.document_lines import add_line
from sales.models import ExchangeRate, Order, Receipt
from sales.run_order import cancel, confirm
from tests.customers import makers as customers
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))


def day(text):
    return datetime.date.fromisoformat(text)


def by(user, dimension, measure="orders", **asked):
    return contribution(user, Asked(MARCH, measure=measure, by=dimension, **asked))


def values(found):
    return {row.label: row.value for row in found.rows}


@pytest.fixture
def some(alice, charlie, tess):
    pump, valve = makers.product("Pump"), makers.product("Valve", tax_rate=Decimal(19))
    for number in range(9):
        owner = charlie if number % 3 == 0 else alice
        order = create_order(customers.customer(f"C {number % 4} {owner}", owner=owner), by=owner, currency="EUR",
                             prices_include_tax=bool(number % 2))  # fmt: skip
        add_line(order, by=owner, product=pump, quantity=Decimal(1 + number), discount=Decimal(5))
        if number % 2:
            add_line(order, by=owner, product=valve)
        add_line(order, by=owner, name="Words", unit_price=Decimal(7))
        confirm(order, by=owner, on=day("2026-02-20") if number == 4 else day(f"2026-03-0{number + 1}"))
        if number in (4, 5, 6):
            on = day("2026-04-02") if number == 6 else day("2026-03-20")
            cancel(order, documents.reason("order_cancel_reason", "mistake"), by=owner, on=on)
        else:
            plan(order, documents.halves(), by=owner)
            receive(order, Decimal(10 + number), by=owner, on=day("2026-03-15"))


def expected(key):
    sums = defaultdict(Decimal)
    for order in Order.objects.all():
        sign = (MARCH.start <= order.confirmed_on <= MARCH.end) - bool(
            order.cancelled_on and MARCH.start <= order.cancelled_on <= MARCH.end
        )
        sums[key(order)] += sign * order.net_company
    return dict(sums)


def test_what_is_confirmed_counts_and_what_is_cancelled_is_taken_off_on_its_own_day(some, erin):
    assert values(by(erin, "person")) == expected(lambda order: order.owner_at_confirm.name)
    customers_found = {row.key: row.value for row in by(erin, "customer").rows}
    assert customers_found == expected(lambda order: order.customer_id)
    assert values(by(erin, "team")) == expected(lambda order: order.team_at_confirm.name)


@pytest.mark.parametrize("dimension", ["product", "manager", "region", "customer_region", "country"])
@pytest.mark.parametrize("measure", ["orders", "receipts"])
def test_the_total_is_the_same_by_every_dimension(some, erin, dimension, measure):
    total = by(erin, "customer", measure).total
    assert abs(by(erin, dimension, measure).total - total) < Decimal("0.001")


def test_an_order_is_shared_by_its_lines(some, erin):
    sums = defaultdict(Decimal)
    for order in Order.objects.exclude(state="cancelled"):
        base = sum(line.amount for line in order.lines.all())
        for line in order.lines.all():
            sums[line.product.name if line.product else ""] += order.net_company * line.amount / base
    for order in Order.objects.filter(state="cancelled"):
        sign = (order.confirmed_on >= MARCH.start) - (order.cancelled_on <= MARCH.end)
        base = sum(line.amount for line in order.lines.all())
        for line in order.lines.all():
            sums[line.product.name if line.product else ""] += sign * order.net_company * line.amount / base
    found = values(by(erin, "product"))
    assert found.keys() == sums.keys()
    assert all(abs(found[name] - sums[name]) < Decimal("0.001") for name in sums)


def test_receipts_count_on_the_day_they_came_in(some, erin):
    sums = defaultdict(Decimal)
    for receipt in Receipt.objects.all():
        sums[receipt.order.owner_at_confirm.name] += receipt.amount
    assert values(by(erin, "person", "receipts")) == dict(sums)


def test_a_receipt_in_another_currency_is_worth_the_rate_of_its_day(alice, erin):
    for on, rate in (("2026-01-01", "0.5"), ("2026-03-10", "0.25"), ("2026-03-20", "0.9")):
        ExchangeRate.objects.create(currency="USD", valid_from=day(on), rate=Decimal(rate))
    order = documents.order(owner=alice, currency="USD")
    plan(order, documents.halves(), by=alice)
    receive(order, Decimal(40), by=alice, on=day("2026-03-15"))
    assert by(erin, "person", "receipts").total == 10
    assert by(erin, "person").total == 50


@pytest.mark.parametrize("measure", ["orders", "receipts"])
@pytest.mark.parametrize("dimension", ["customer", "product", "person", "team", "manager", "region"])
def test_every_row_opens_the_orders_behind_it(some, signed_in, erin, dimension, measure):
    client = signed_in(erin)
    rows = [row for row in by(erin, dimension, measure).rows if row.list]
    assert rows
    for row in rows:
        assert len(client.get(row.list).context["table"].rows) == row.facts, row


def test_an_account_manager_counts_only_what_she_reaches(some, alice):
    assert set(values(by(alice, "person"))) == {"Alice"}
