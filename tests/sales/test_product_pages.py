from decimal import Decimal

import pytest

from sales.models import Product
from tests.sales import makers

pytestmark = pytest.mark.django_db


def test_operations_make_and_change_products(signed_in, olga):
    client = signed_in(olga)
    post = {"name": "Pump", "code": "P-1", "price": "12.50", "currency": "EUR", "tax_rate": "19", "is_active": "on"}
    assert client.post("/sales/products/new/", post).status_code == 302
    pump = Product.objects.get()
    assert (pump.price, pump.tax_rate) == (Decimal("12.5"), 19)
    assert client.post("/sales/products/new/", {**post, "code": "p-1"}).status_code == 422
    client.post(f"/sales/products/{pump.pk}/edit/", {**post, "price": "13"})
    pump.refresh_from_db()
    assert pump.price == 13


def test_cost_is_for_those_who_may_see_it(signed_in, alice, tess):
    pump = makers.product(cost=Decimal("61.07"))
    for person, sees in ((alice, False), (tess, True)):
        client = signed_in(person)
        assert ("61.07" in client.get(f"/sales/products/{pump.pk}/").text) is sees
        columns = client.get("/lists/products/columns/").text
        assert ("Cost" in columns) is sees


def test_a_product_leaves_the_list_and_comes_back(signed_in, olga):
    pump = makers.product()
    client = signed_in(olga)
    client.post(f"/sales/products/{pump.pk}/delete/")
    assert client.get("/sales/products/").context["table"].rows == []
    client.post(f"/sales/products/{pump.pk}/restore/")
    assert [row.name for row in client.get("/sales/products/").context["table"].rows] == ["Pump"]
