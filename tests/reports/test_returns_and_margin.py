"""Returns, refunds and margin in the contribution, against plain Python over the same rows."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest

from reports.asked import Asked
from reports.contribution import contribution
from reports.period import Period
from sales.collect import plan, receive, refund
from sales.create_document import create_order
from sales.document_lines import add_line
from sales.models import ExchangeRate, Order, OrderReturn, Receipt, Refund
from sales.run_order import cancel, confirm, ship
from sales.take_back import take_back
from tests.customers import makers as customers
from tests.sales import documents, makers

pytestmark = pytest.mark.django_db
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
ALL = Period()


def day(text):
    return datetime.date.fromisoformat(text)


def by(dimension, measure, user, period=MARCH):
    return contribution(user, Asked(period, measure=measure, by=dimension))


@pytest.fixture
def some(alice, charlie):
    """Confirmed in February and March, in two currencies; one cancelled; two partly back in March, one in April."""
    ExchangeRate.objects.create(currency="USD", valid_from=day("2026-01-01"), rate=Decimal("0.5"))
    pump, valve = makers.product("Pump", cost=Decimal(60)), makers.product("Valve", price=Decimal(40))
    days = {0: "2026-02-10", 1: "2026-03-03", 2: "2026-03-05", 3: "2026-03-09"}
    back = {0: "2026-03-20", 1: "2026-03-21", 2: "2026-04-02"}
    for number, on in days.items():
        owner = charlie if number == 2 else alice
        order = create_order(customers.customer(f"C {number}", owner=owner), by=owner,
                             currency="USD" if number == 1 else "EUR")  # fmt: skip
        line = add_line(order, by=owner, product=pump, unit_price=Decimal(100), quantity=Decimal(4))
        add_line(order, by=owner, product=valve, unit_price=Decimal(40), quantity=Decimal(2))
        confirm(order, by=owner, on=day(on))
        if number == 3:
            cancel(order, documents.reason("order_cancel_reason", "mistake"), by=owner, on=day("2026-03-15"))
            continue
        plan(order, documents.halves(), by=owner)
        receive(order, order.gross, by=owner, on=day(on))
        ship(order, by=owner)
        reason = documents.reason("order_return_reason", "defect")
        take_back(order, {line.pk: Decimal(1)}, reason, by=owner, on=day(back[number]))
        refund(order, Decimal(30), by=owner, on=day(back[number]))


def within(on, period):
    return on is not None and (period.start is None or period.start <= on <= period.end)


def expected(key, period, worth):
    """Sums per ``key`` of what was confirmed, less cancelled, less returned; ``worth``: of an order at all."""
    sums, documents_of = defaultdict(Decimal), defaultdict(set)
    for order in Order.objects.exclude(confirmed_on=None):
        value = worth(order)
        if within(order.confirmed_on, period):
            sums[key(order)] += value
            documents_of[key(order)].add(order.pk)
        if within(order.cancelled_on, period):
            sums[key(order)] -= value
            documents_of[key(order)].add(order.pk)
    for made in OrderReturn.objects.select_related("order"):
        if within(made.returned_on, period):
            order = made.order
            sums[key(order)] -= made.net_company * worth(order) / order.net_company
            documents_of[key(order)].add(order.pk)
    return {name: (round(value, 4), len(documents_of[name])) for name, value in sums.items()}


def found(report):
    return {row.key: (round(row.value, 4), row.facts) for row in report.rows}


def net(order):
    return order.net_company


def margin(order):
    """Net less the frozen cost of the lines, at the rate of the confirmation."""
    cost = sum((line.cost or 0) * line.quantity for line in order.lines.all())
    return order.net_company - cost * order.net_company / order.net


@pytest.mark.parametrize("period", [MARCH, ALL])
@pytest.mark.parametrize(("measure", "worth"), [("orders", net), ("margin", margin)])
def test_what_came_back_is_taken_off_on_its_own_day(some, erin, period, measure, worth):
    for dimension, key in (("customer", lambda o: o.customer_id), ("person", lambda o: o.owner_at_confirm_id)):
        assert found(by(dimension, measure, erin, period)) == expected(key, period, worth)
    total = by("customer", measure, erin, period).total
    for dimension in ("product", "team", "region", "customer_region", "country"):
        assert abs(by(dimension, measure, erin, period).total - total) < Decimal("0.01")


def test_what_came_back_is_taken_off_its_product(some, erin):
    values = {row.label: row.value for row in by("product", "orders", erin).rows}
    # Confirmed in March: 4 pumps and 2 valves in USD at 0.5 and in EUR; back: a pump of February, one of the USD order.
    assert round(values["Pump"], 4) == 200 + 400 - 100 - 50
    assert round(values["Valve"], 4) == 40 + 80
    margins = {row.label: row.value for row in by("product", "margin", erin).rows}
    assert sum(margins.values()) == pytest.approx(by("customer", "margin", erin).total, abs=Decimal("0.01"))


@pytest.mark.parametrize("period", [MARCH, ALL])
def test_refunds_are_taken_off_receipts(some, erin, period):
    rates = {"EUR": Decimal(1), "USD": Decimal("0.5")}
    sums, orders = defaultdict(Decimal), defaultdict(set)
    moved = [(row, row.received_on, 1) for row in Receipt.objects.select_related("order")]
    moved += [(row, row.refunded_on, -1) for row in Refund.objects.select_related("order")]
    for row, on, sign in moved:
        if within(on, period):
            sums[row.order.customer_id] += sign * row.amount * rates[row.currency]
            orders[row.order.customer_id].add(row.order_id)
    report = by("customer", "receipts", erin, period)
    assert found(report) == {key: (round(value, 4), len(orders[key])) for key, value in sums.items()}


@pytest.mark.parametrize("measure", ["orders", "margin", "receipts"])
def test_every_row_opens_what_it_counts(some, signed_in, erin, measure):
    client = signed_in(erin)
    for dimension in ("customer", "product", "person"):
        rows = [row for row in by(dimension, measure, erin).rows if row.list]
        assert rows
        assert [len(client.get(row.list).context["table"].rows) for row in rows] == [row.facts for row in rows]


def test_margin_is_for_those_who_see_cost(alice, tess, signed_in):
    page = "/reports/contribution/?measure=margin"
    assert signed_in(alice).get(page).status_code == 403
    shown = signed_in(alice).get("/reports/contribution/").content.decode()
    assert 'value="orders"' in shown
    assert 'value="margin"' not in shown
    assert signed_in(tess).get(page).status_code == 200
