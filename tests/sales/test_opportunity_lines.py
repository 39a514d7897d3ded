from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from records.models import Event
from records.refusals import Refused
from sales.lines import add_line, change_line, remove_line
from sales.models import OpportunityLine
from tests.sales import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(alice):
    return makers.opportunity(owner=alice, amount=Decimal(7))


def test_the_amount_is_the_sum_of_the_products(deal, alice):
    line = add_line(deal, makers.product(price=Decimal("9.99")), by=alice, quantity=Decimal(3), discount=Decimal(10))
    assert (line.amount, deal.amount) == (Decimal("26.97"), Decimal("26.97"))
    add_line(deal, makers.product("Hose", price=Decimal(1)), by=alice)
    change_line(line, by=alice, quantity=Decimal(1), unit_price=Decimal(10))
    deal.refresh_from_db()
    assert (deal.amount, deal.amount_company) == (11, 11)
    assert list(Event.objects.filter(verb__endswith="_product").order_by("id").values_list("verb", flat=True)) == [
        "add_product",
        "add_product",
        "change_product",
    ]


def test_the_sum_is_not_typed_over(deal, alice):
    add_line(deal, makers.product(), by=alice)
    with pytest.raises(Refused) as refused:
        deal.edit({"amount": Decimal(1)}, by=alice)
    assert refused.value.reason == "lines"
    deal.edit({"amount": deal.amount, "next_step": "Call"}, by=alice)


def test_a_product_without_a_price_leaves_the_amount_alone(deal, alice):
    line = add_line(deal, makers.product(price=None), by=alice)
    assert (line.amount, deal.amount) == (None, 7)
    deal.edit({"amount": Decimal(8)}, by=alice)


def test_a_price_in_another_currency_is_not_taken_over(deal, alice):
    assert add_line(deal, makers.product(currency="USD"), by=alice).unit_price is None


def test_removing_the_last_product_keeps_the_last_amount(deal, alice):
    line = add_line(deal, makers.product(), by=alice)
    remove_line(line, by=alice)
    remove_line(OpportunityLine(pk=line.pk, opportunity=deal, product=line.product), by=alice)
    deal.refresh_from_db()
    assert deal.amount == 100
    assert Event.objects.filter(verb="remove_product").count() == 1


def test_the_products_of_a_closed_opportunity_stay(deal, alice):
    line = add_line(deal, makers.product(), by=alice)
    deal.lose(makers.reason(), by=alice)
    for refused in (
        lambda: add_line(deal, makers.product("Hose"), by=alice),
        lambda: change_line(line, by=alice, quantity=Decimal(2), unit_price=None),
        lambda: remove_line(line, by=alice),
    ):
        with pytest.raises(Refused):
            refused()
    assert OpportunityLine.objects.get().quantity == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"quantity": 0}, "opportunity_line_quantity_positive"),
        ({"discount": 101}, "opportunity_line_discount_is_a_percentage"),
        ({"unit_price": -1, "amount": -1}, "opportunity_line_amount_follows_its_price"),
        ({"unit_price": None}, "opportunity_line_amount_follows_its_price"),
    ],
)
def test_the_database_refuses_lines_that_make_no_sense(deal, alice, fields, name):
    line = add_line(deal, makers.product(), by=alice)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        OpportunityLine.objects.filter(pk=line.pk).update(**fields)
