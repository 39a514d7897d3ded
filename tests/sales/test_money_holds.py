"""Whatever is done to an order and in whatever order: what the rules of money say holds after every step."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.refusals import Refused
from sales.collect import Part, credit_of, plan, receive, refund, withdraw_receipt
from sales.create_document import create_order
from sales.document_lines import add_line, change_line, remove_line
from sales.issue_invoice import invoice, invoice_order, void_invoice
from sales.models import Invoice, Receipt
from sales.run_order import cancel, confirm, ship
from sales.take_back import cancel_rest, take_back
from tests.customers import makers as customers
from tests.sales import documents
from tests.sales.test_collect import check_deferred

pytestmark = pytest.mark.django_db
DAY = documents.DAY
AMOUNT = st.decimals("0.01", "150", places=2)
NUMBER = st.decimals("0.001", "4", places=3)
PICK = st.integers(0, 3)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), NUMBER, AMOUNT, st.sampled_from([0, 7, 19])),
        st.tuples(st.just("change"), PICK, NUMBER),
        st.tuples(st.just("remove"), PICK),
    ),
    max_size=4,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("plan"), st.lists(st.integers(1, 30), min_size=1, max_size=3)),
        st.tuples(st.just("receive"), AMOUNT, PICK),
        st.tuples(st.just("withdraw"), PICK),
        st.tuples(st.just("refund"), AMOUNT),
        st.tuples(st.just("invoice"), PICK),
        st.tuples(st.just("invoice_order")),
        st.tuples(st.just("void"), PICK),
        st.tuples(st.just("ship"), NUMBER),
        st.tuples(st.just("ship_all")),
        st.tuples(st.just("back"), NUMBER),
        st.tuples(st.just("rest")),
        st.tuples(st.just("cancel")),
    ),
    min_size=3,
    max_size=12,
)


class Doing:
    """One step by its name; a refusal is an answer, too."""

    def __init__(self, order, by):
        self.order, self.by = order, by

    def do(self, name, *arguments):
        try:
            with transaction.atomic():
                getattr(self, f"_{name}")(*arguments)
        except Refused:
            pass
        self.order.refresh_from_db()

    def _add(self, quantity, price, rate):
        add_line(self.order, by=self.by, name="x", quantity=quantity, unit_price=price, tax_rate=Decimal(rate))

    def _change(self, place, quantity):
        if line := picked(self.order.lines, place):
            change_line(line, by=self.by, quantity=quantity)

    def _remove(self, place):
        if self.order.lines.count() > 1:
            remove_line(picked(self.order.lines, place), by=self.by)

    def _plan(self, percents):
        percents = [Decimal(percent) for percent in percents]
        percents[-1] += 100 - sum(percents)
        parts = [Part(one, DAY + datetime.timedelta(days=place)) for place, one in enumerate(percents)]
        plan(self.order, parts, by=self.by)

    def _receive(self, amount, place):
        receive(self.order, amount, by=self.by, on=DAY, instalment=picked(self.order.instalments, place))

    def _withdraw(self, place):
        if receipt := picked(self.order.receipts, place):
            withdraw_receipt(receipt, by=self.by)

    def _refund(self, amount):
        refund(self.order, amount, by=self.by, on=DAY)

    def _invoice(self, place):
        if instalment := picked(self.order.instalments, place):
            invoice(instalment, by=self.by, on=DAY)

    def _invoice_order(self):
        invoice_order(self.order, by=self.by, on=DAY)

    def _void(self, place):
        if bill := picked(self.order.invoices, place):
            void_invoice(bill, by=self.by, on=DAY)

    def _ship(self, number):
        ship(self.order, {line.pk: min(number, line.quantity) for line in self.order.lines.all()[:1]}, by=self.by)

    def _ship_all(self):
        ship(self.order, by=self.by)

    def _back(self, number):
        lines = {line.pk: min(number, line.quantity) for line in self.order.lines.all()}
        take_back(self.order, lines, documents.reason("order_return_reason", "defect"), by=self.by, on=DAY)

    def _rest(self):
        cancel_rest(self.order, documents.reason("order_return_reason", "defect"), by=self.by, on=DAY)

    def _cancel(self):
        cancel(self.order, documents.reason("order_cancel_reason", "mistake"), by=self.by, on=DAY)


def picked(rows, place):
    found = list(rows.all())
    return found[place % len(found)] if found else None


def sum_of(rows, field="amount"):
    return rows.aggregate(sum=Sum(field))["sum"] or Decimal(0)


def holds(order):
    """Every sentence of the money rules, from the bare rows."""
    check_deferred()
    instalments = list(order.instalments.prefetch_related("invoices__credit_notes"))
    if instalments:
        assert sum(one.amount for one in instalments) == order.payable
    assert order.received == sum(one.received for one in instalments) <= order.payable
    credit = sum_of(order.receipts) - sum_of(order.refunds) - order.received
    assert credit == credit_of(order) >= 0
    assert not (credit and any(one.outstanding for one in instalments)), "credit waits beside an open instalment"
    for one in instalments:
        assert one.received == sum_of(one.settlements) <= one.amount
        assert one.state == ("paid" if one.received == one.amount else "partly_paid" if one.received else "due")
        bills = [bill for bill in one.invoices.all() if bill.is_standing]
        assert len(bills) <= 1
        for bill in bills:
            assert bill.amount + sum_of(bill.credit_notes) == one.amount
    invoiced = order.invoices.all()
    if instalments and sum_of(invoiced) == order.payable:
        assert sum_of(invoiced, "tax") == order.tax - sum_of(order.returns, "tax") or order.state == "cancelled"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, steps=STEPS, include=st.booleans())
def test_the_rules_of_money_hold_after_every_step(alice, edits, steps, include):
    with transaction.atomic():
        order = create_order(customers.customer(owner=alice), by=alice, currency="EUR", prices_include_tax=include)
        doing = Doing(order, alice)
        for edit in [("add", Decimal(2), Decimal(50), 19), *edits]:
            doing.do(*edit)
        confirm(order, by=alice, on=DAY)
        for step in steps:
            doing.do(*step)
            holds(order)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_who_receive_at_once_settle_each_cent_once(alice, finn):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)

    def enter(number):
        try:
            return receive(order.__class__.objects.get(pk=order.pk), Decimal(30), by=finn, on=DAY, key=f"k{number % 4}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(8)))
    order.refresh_from_db()
    assert Receipt.objects.count() == 4
    assert (order.received, credit_of(order)) == (100, 20)
    holds_now = list(order.instalments.values_list("received", "state"))
    assert holds_now == [(50, "paid"), (50, "paid")]


@pytest.mark.django_db(transaction=True)
def test_two_who_refund_at_once_pay_the_credit_once(alice, finn):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)
    receive(order, Decimal(130), by=finn, on=DAY)

    def back(_number):
        try:
            refund(order.__class__.objects.get(pk=order.pk), Decimal(30), by=finn, on=DAY)
            return "paid"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(back, range(4)))
    assert answers == ["paid", "refused", "refused", "refused"]
    assert credit_of(order) == 0


def test_the_taxes_of_all_invoices_are_the_tax_of_the_order(alice, finn):
    order = create_order(customers.customer(owner=alice), by=alice, currency="EUR")
    add_line(order, by=alice, name="x", unit_price=Decimal("99.99"), tax_rate=Decimal(19))
    add_line(order, by=alice, name="y", unit_price=Decimal("0.35"), tax_rate=Decimal(7))
    confirm(order, by=alice, on=DAY)
    third = Decimal("33.33")
    for one in plan(order, [Part(third, DAY), Part(third, DAY), Part(100 - 2 * third, DAY)], by=alice):
        invoice(one, by=finn, on=DAY)
    assert (sum_of(Invoice.objects, "tax"), sum_of(Invoice.objects)) == (order.tax, order.gross)
