"""What hangs on an order is in reach of exactly those who reach the order: in SQL, in memory and in lists."""

import pytest

from accounts import access
from sales.collect import plan
from sales.issue_invoice import invoice
from sales.models import Instalment, Invoice
from tests.customers import makers as customers
from tests.sales import documents

pytestmark = pytest.mark.django_db
PEOPLE = ("alice", "bob", "charlie", "tess", "erin", "ada", "olga", "finn", "nobody")


@pytest.fixture
def crowd(everybody):
    for owner, customer_owner in (("alice", "alice"), ("alice", "charlie"), ("bob", "bob"), ("charlie", "alice")):
        customer = customers.customer(owner=everybody[customer_owner])
        order = documents.order(owner=everybody[owner], customer=customer)
        for one in plan(order, documents.halves(), by=everybody["finn"]):
            invoice(one, by=everybody["finn"])
    return everybody


@pytest.mark.parametrize("model", [Instalment, Invoice])
@pytest.mark.parametrize("action", ["view", "change", "invoice"])
@pytest.mark.parametrize("who", PEOPLE)
def test_the_three_readings_agree_with_the_order_s(crowd, who, action, model):
    person = crowd[who]
    rows = list(model.objects.select_related("order__customer"))
    in_sql = set(model.objects.filter(access.as_q(person, model, action)).values_list("pk", flat=True))
    in_memory = {one.pk for one in rows if access.covers(person, one, action)}
    of_order = {one.pk for one in rows if access.covers(person, one.order, action)}
    walked = [walk.narrow(model.objects.all()) for walk in access.walks(person, model, action)]
    found = [pk for branch in walked for pk in branch.values_list("pk", flat=True)]
    assert in_sql == in_memory == of_order == set(found)
    assert len(found) == len(set(found)), "the branches overlap"
    if who == "finn" and action != "change":
        assert len(in_sql) == 8
