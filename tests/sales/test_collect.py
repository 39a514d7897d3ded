import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from records.refusals import Refused
from sales.collect import Part, credit_of, plan, receive
from sales.issue_invoice import invoice
from sales.models import Instalment, Invoice, Receipt, Settlement
from sales.run_order import cancel
from tests.customers import makers as customers
from tests.sales import documents

pytestmark = pytest.mark.django_db
DAY = documents.DAY


def check_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_the_first_order_makes_a_buyer_the_second_a_repeat_one(alice):
    customer = customers.customer(owner=alice)
    documents.order(owner=alice, customer=customer)
    customer.refresh_from_db()
    assert (customer.state, customer.last_order_on) == ("buying", DAY)
    second = documents.order(owner=alice, customer=customer, on=DAY + datetime.timedelta(days=1))
    customer.refresh_from_db()
    assert (customer.state, customer.last_order_on) == ("repeat", DAY + datetime.timedelta(days=1))
    cancel(second, documents.reason("order_cancel_reason", "mistake"), by=alice)
    customer.refresh_from_db()
    assert (customer.state, customer.last_order_on) == ("buying", DAY)


def test_confirming_stamps_who_and_what_counts(alice, north):
    order = documents.order(owner=alice, price=250)
    assert (order.state, order.owner_at_confirm, order.team_at_confirm, order.net_company) == (
        "confirmed",
        alice,
        north,
        250,
    )


def test_a_confirmed_order_is_frozen_by_the_database(alice):
    order = documents.order(owner=alice)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        type(order).objects.filter(pk=order.pk).update(gross=1)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        order.lines.update(quantity=2)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        order.delete()


def test_three_thirds_of_a_hundred_are_a_hundred(alice):
    order = documents.order(owner=alice)
    third = Decimal("33.33")
    made = plan(order, [Part(third, DAY), Part(third, DAY), Part(100 - 2 * third, DAY)], by=alice)
    assert [one.amount for one in made] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    check_deferred()


def test_instalments_that_are_not_the_total_are_refused_at_commit(alice):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)
    check_deferred()
    Instalment.objects.filter(order=order, position=1).update(amount=40)
    with pytest.raises(IntegrityError, match="not its total"):
        check_deferred()


@pytest.mark.parametrize("percents", [[], [50], [60, 60]])
def test_a_plan_that_is_not_the_whole_is_refused(alice, percents):
    order = documents.order(owner=alice)
    with pytest.raises(Refused, match=r"100 %"):
        plan(order, [Part(Decimal(p), DAY) for p in percents], by=alice)


def test_money_settles_the_oldest_instalment_first(alice, finn):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)
    receive(order, Decimal(70), by=finn, on=DAY)
    states = list(order.instalments.values_list("received", "state"))
    assert states == [(50, "paid"), (20, "partly_paid")]
    assert (order.received, order.outstanding, order.is_paid) == (70, 30, False)
    receive(order, Decimal(30), by=finn, on=DAY)
    assert order.is_paid


def test_money_for_a_named_instalment_settles_that_one(alice, finn):
    order = documents.order(owner=alice)
    _first, second = plan(order, documents.halves(), by=alice)
    receive(order, Decimal(50), by=finn, instalment=second)
    assert list(order.instalments.values_list("received", flat=True)) == [0, 50]


def test_too_much_money_is_credit(alice, finn):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)
    receive(order, Decimal(130), by=finn)
    assert (order.received, credit_of(order)) == (100, 30)


def test_the_same_click_enters_money_once(alice, finn):
    order = documents.order(owner=alice)
    plan(order, documents.halves(), by=alice)
    receipts = {receive(order, Decimal(50), by=finn, key="click-1") for _ in range(2)}
    assert len(receipts) == 1
    assert order.received == 50


def test_a_receipt_settles_no_more_than_it_is(alice, finn):
    order = documents.order(owner=alice)
    first, _second = plan(order, documents.halves(), by=alice)
    receipt = receive(order, Decimal(10), by=finn)
    with pytest.raises(IntegrityError, match="no more than it is"), transaction.atomic():
        Settlement.objects.create(receipt=receipt, instalment=first, amount=5)


def test_nothing_is_collected_on_a_draft(alice, finn):
    from sales.create_document import create_order

    order = create_order(customers.customer(owner=alice), by=alice, currency="EUR")
    with pytest.raises(Refused, match="Confirm"):
        receive(order, Decimal(10), by=finn)
    assert not Receipt.objects.exists()


def test_an_invoice_is_given_once_and_never_changes(alice, finn):
    order = documents.order(owner=alice)
    first, _second = plan(order, documents.halves(), by=alice)
    made = invoice(first, by=finn, on=DAY)
    assert invoice(first, by=finn) == made
    assert (made.number, made.amount) == ("INV-2026-00001", 50)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Invoice.objects.update(amount=1)


def test_what_is_invoiced_is_not_planned_anew(alice, finn):
    order = documents.order(owner=alice)
    first, _second = plan(order, documents.halves(), by=alice)
    invoice(first, by=finn)
    with pytest.raises(Refused, match="the plan stays"):
        plan(order, documents.halves(), by=alice)


@pytest.mark.django_db(transaction=True)
def test_invoices_of_many_at_once_have_no_gap(alice, finn):
    instalments = []
    for _ in range(8):
        instalments += plan(documents.order(owner=alice), documents.halves(), by=alice)

    def issue(instalment):
        try:
            return invoice(instalment, by=finn, on=DAY).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(issue, instalments))
    assert sorted(int(number[-5:]) for number in numbers) == list(range(1, 17))
