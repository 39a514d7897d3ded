import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from sales.models import ExchangeRate, Price, PriceList, Product, in_company_currency
from sales.prices import price_of
from tests.sales import makers

pytestmark = pytest.mark.django_db
MAY = datetime.date(2026, 5, 1)


@pytest.fixture
def price_list():
    return PriceList.objects.create(name="Wholesale", currency="USD")


def refused(name, **fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Price.objects.create(**fields)


def test_a_product_is_named_in_the_language_of_the_reader():
    from django.utils import translation

    pump = makers.product("Pump", name_zh="水泵")
    with translation.override("zh-hans"):
        assert pump.label == "水泵"
    with translation.override("ru"):
        assert pump.label == "Pump"


def test_everybody_who_sells_sees_products_and_only_operations_changes_them(alice, tess, olga, nobody):
    makers.product()
    for person, seen, changeable in ((alice, 1, 0), (tess, 1, 0), (olga, 1, 1), (nobody, 0, 0)):
        assert Product.objects.visible_to(person).count() == seen
        assert Product.objects.allowing(person, "change").count() == changeable


def test_a_code_is_given_once_whatever_its_case():
    makers.product("Pump", code="P-1")
    with pytest.raises(IntegrityError, match="product_code_once"), transaction.atomic():
        makers.product("Other", code="p-1")
    makers.product("Without a code")
    makers.product("Also without")


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("price", Decimal(-1), "product_price_not_negative"),
        ("cost", Decimal(-1), "product_cost_not_negative"),
        ("tax_rate", Decimal(101), "product_tax_rate_is_a_percentage"),
    ],
)
def test_the_database_refuses_numbers_that_make_no_sense(field, value, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        makers.product(**{field: value})


def test_prices_of_one_list_never_overlap(price_list):
    pump = makers.product()
    fields = {"product": pump, "price_list": price_list, "amount": Decimal(80)}
    Price.objects.create(**fields, valid_to=MAY)
    refused("prices_do_not_overlap", **fields, valid_from=MAY)
    Price.objects.create(**fields, valid_from=MAY + datetime.timedelta(days=1))
    Price.objects.create(**fields, from_quantity=10)
    refused(
        "price_ends_after_it_starts", **fields, from_quantity=99, valid_from=MAY, valid_to=datetime.date(2025, 1, 1)
    )


def test_the_price_list_goes_before_the_own_price_and_larger_quantities_have_their_step(price_list):
    pump = makers.product(price=Decimal(100))
    Price.objects.create(product=pump, price_list=price_list, amount=Decimal(80), valid_from=MAY)
    Price.objects.create(product=pump, price_list=price_list, amount=Decimal(70), from_quantity=10)
    assert price_of(pump, on=MAY).amount == 100
    assert (price_of(pump, on=MAY, price_list=price_list).currency) == "USD"
    assert price_of(pump, on=MAY, price_list=price_list, quantity=Decimal(9)).amount == 80
    assert price_of(pump, on=MAY, price_list=price_list, quantity=Decimal(10)).amount == 70
    assert price_of(pump, on=datetime.date(2026, 4, 30), price_list=price_list).amount == 100
    assert price_of(makers.product("Free", price=None), on=MAY) is None


def test_an_amount_is_converted_at_the_rate_of_its_day():
    ExchangeRate.objects.create(currency="USD", valid_from=datetime.date(2026, 1, 1), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", valid_from=MAY, rate=Decimal("0.8"))
    convert = in_company_currency
    assert convert(Decimal("10.01"), "USD", on=datetime.date(2026, 4, 30)) == Decimal("9.01")
    assert convert(Decimal(10), "USD", on=MAY) == 8
    assert convert(Decimal(10), "EUR", on=MAY) == 10
    assert convert(Decimal(10), "USD", on=datetime.date(2025, 12, 31)) is None
    assert convert(None, "EUR", on=MAY) is None


def test_changing_a_product_raises_its_version(olga):
    pump = makers.product()
    pump.edit({"price": Decimal(120)}, by=olga)
    assert pump.version == 2
