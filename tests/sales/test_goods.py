"""Goods shipped by line and taken back; what that does to the money."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from records.models import Event
from records.refusals import Refused
from sales.collect import credit_of, plan, receive, refund
from sales.create_document import create_order
from sales.document_lines import add_line
from sales.goods import goods_of
from sales.issue_invoice import invoice
from sales.models import Invoice, OrderReturn, Shipment, ShipmentLine
from sales.run_order import cancel, close, confirm, deliver, ship
from sales.take_back import cancel_rest, take_back
from tests.customers import makers as customers
from tests.sales import documents
from tests.sales.test_collect import check_deferred

pytestmark = pytest.mark.django_db
DAY = documents.DAY
LATER = DAY + datetime.timedelta(days=40)


@pytest.fixture
def defect(db):
    return documents.reason("order_return_reason", "defect")


@pytest.fixture
def two_lines(alice):
    """Ten pumps of 10 at 19 %, four hoses of 5 at 7 %: 120 net, 140.40 gross."""
    made = create_order(customers.customer(owner=alice), by=alice, currency="EUR")
    add_line(made, by=alice, name="Pump", quantity=Decimal(10), unit_price=Decimal(10), tax_rate=Decimal(19))
    add_line(made, by=alice, name="Hose", quantity=Decimal(4), unit_price=Decimal(5), tax_rate=Decimal(7))
    confirm(made, by=alice, on=DAY)
    return made


def quantities(order, *numbers):
    return {line.pk: Decimal(number) for line, number in zip(order.lines.all(), numbers, strict=True)}


def test_an_order_is_partly_shipped_until_nothing_is_left(alice, two_lines):
    ship(two_lines, quantities(two_lines, 6, 0), by=alice, on=DAY, reference="DHL 1")
    assert two_lines.state == "partly_shipped"
    assert [one.to_ship for one in goods_of(two_lines)] == [4, 4]
    ship(two_lines, quantities(two_lines, 4, 4), by=alice)
    assert two_lines.state == "shipped"
    assert Shipment.objects.filter(order=two_lines).count() == 2
    events = Event.objects.filter(subject_kind="order", subject_id=two_lines.pk, verb="ship")
    assert {event.by for event in events} == {alice}


def test_more_than_is_left_is_neither_shipped_nor_written(alice, two_lines):
    with pytest.raises(Refused, match="left to ship"):
        ship(two_lines, quantities(two_lines, 11, 0), by=alice)
    with pytest.raises(Refused, match="at least one line"):
        ship(two_lines, quantities(two_lines, 0, 0), by=alice)
    two_lines.refresh_from_db()
    assert (two_lines.state, Shipment.objects.count()) == ("confirmed", 0)


def test_the_database_ships_no_more_than_was_ordered(alice, two_lines):
    ship(two_lines, by=alice)
    line = ShipmentLine.objects.first()
    with pytest.raises(IntegrityError, match="than was ordered"), transaction.atomic():
        ShipmentLine.objects.create(shipment=line.shipment, line=line.line, quantity=Decimal("0.001"))


def test_delivered_at_once_counts_as_shipped(alice, two_lines):
    deliver(two_lines, by=alice)
    assert [one.returnable for one in goods_of(two_lines)] == [10, 4]


def test_goods_that_come_back_lower_what_is_to_be_paid(alice, two_lines, defect):
    plan(two_lines, documents.halves(), by=alice)
    ship(two_lines, by=alice)
    made = take_back(two_lines, quantities(two_lines, 5, 0), defect, by=alice, on=LATER)
    assert (made.net, made.tax, made.gross, made.net_company) == (50, Decimal("9.5"), Decimal("59.5"), 50)
    assert (two_lines.state, two_lines.payable) == ("shipped", Decimal("80.9"))
    assert list(two_lines.instalments.values_list("amount", flat=True)) == [Decimal("70.2"), Decimal("10.7")]
    check_deferred()


def test_all_goods_together_are_exactly_the_order(alice, two_lines, defect):
    deliver(two_lines, by=alice)
    for _number in range(3):
        take_back(two_lines, quantities(two_lines, "3.333", "1.333"), defect, by=alice)
    assert two_lines.state == "delivered"
    take_back(two_lines, quantities(two_lines, "0.001", "0.001"), defect, by=alice)
    assert (two_lines.state, two_lines.payable) == ("returned", 0)
    sums = [sum(getattr(one, name) for one in two_lines.returns.all()) for name in ("net", "tax", "gross")]
    assert sums == [two_lines.net, two_lines.tax, two_lines.gross]
    assert sum(one.net_company for one in two_lines.returns.all()) == two_lines.net_company
    two_lines.customer.refresh_from_db()
    assert two_lines.customer.state == "prospect"


def test_no_more_comes_back_than_was_shipped(alice, two_lines, defect):
    ship(two_lines, quantities(two_lines, 6, 0), by=alice)
    with pytest.raises(Refused, match="more than there is"):
        take_back(two_lines, quantities(two_lines, 7, 0), defect, by=alice)
    assert not OrderReturn.objects.exists()


def test_nothing_comes_back_that_was_not_shipped(alice, two_lines, defect):
    with pytest.raises(Refused, match="not possible now"):
        take_back(two_lines, quantities(two_lines, 1, 0), defect, by=alice)


def test_the_same_click_takes_goods_back_once(alice, two_lines, defect):
    ship(two_lines, by=alice)
    for _click in range(2):
        take_back(two_lines, quantities(two_lines, 1, 0), defect, by=alice, key="click")
    assert OrderReturn.objects.count() == 1


def test_the_rest_is_given_up_and_the_order_counts_as_shipped(alice, two_lines, defect):
    plan(two_lines, documents.halves(), by=alice)
    ship(two_lines, quantities(two_lines, 10, 0), by=alice)
    cancel_rest(two_lines, defect, by=alice)
    assert (two_lines.state, two_lines.payable) == ("shipped", 119)
    assert [(one.to_ship, one.returnable) for one in goods_of(two_lines)] == [(0, 10), (0, 0)]
    close(_delivered(two_lines, alice), by=alice)
    check_deferred()


def test_an_invoiced_instalment_shrinks_by_a_credit_note_of_its_own_series(alice, finn, two_lines, defect):
    [whole] = plan(two_lines, [documents.whole()], by=alice)
    bill = invoice(whole, by=finn, on=DAY)
    assert (bill.number, bill.net, bill.tax, bill.amount) == ("INV-2026-00001", 120, Decimal("20.4"), Decimal("140.4"))
    ship(two_lines, by=alice)
    made = take_back(two_lines, quantities(two_lines, 0, 4), defect, by=alice, on=LATER)
    note = Invoice.objects.get(credits=bill)
    assert (note.number, note.net, note.tax, note.amount) == ("CN-2026-00001", -20, Decimal("-1.4"), Decimal("-21.4"))
    assert (note.order_return, note.issued_by, note.bill_name) == (made, alice, bill.bill_name)
    check_deferred()


def test_what_was_paid_for_goods_that_come_back_is_credit_and_is_refunded(alice, finn, two_lines, defect):
    [whole] = plan(two_lines, [documents.whole()], by=alice)
    invoice(whole, by=finn, on=DAY)
    receive(two_lines, two_lines.gross, by=finn, on=DAY)
    ship(two_lines, by=alice)
    take_back(two_lines, quantities(two_lines, 10, 4), defect, by=alice)
    assert (two_lines.received, credit_of(two_lines)) == (0, Decimal("140.4"))
    with pytest.raises(Refused, match="more than the credit"):
        refund(two_lines, Decimal("140.41"), by=finn)
    refund(two_lines, Decimal("140.4"), by=finn)
    assert credit_of(two_lines) == 0
    check_deferred()


def test_a_cancelled_order_takes_its_invoices_back_and_keeps_its_money_as_credit(alice, finn, two_lines):
    first, _second = plan(two_lines, documents.halves(), by=alice)
    bill = invoice(first, by=finn, on=DAY)
    receive(two_lines, Decimal(100), by=finn)
    cancel(two_lines, documents.reason("order_cancel_reason", "mistake"), by=finn, on=LATER)
    note = bill.credit_notes.get()
    assert (note.amount, note.tax, note.issued_on) == (-bill.amount, -bill.tax, LATER)
    assert (two_lines.payable, two_lines.received, credit_of(two_lines)) == (0, 0, 100)
    assert [one.amount for one in two_lines.instalments.all()] == [0]
    check_deferred()


def test_what_is_shipped_is_not_cancelled(alice, two_lines):
    ship(two_lines, by=alice)
    with pytest.raises(Refused, match="not possible now"):
        cancel(two_lines, documents.reason("order_cancel_reason", "mistake"), by=alice)


def _delivered(order, by):
    deliver(order, by=by)
    return order
