"""Who reaches a quote or an order: by each of the three readings, also when its customer is another's."""

import pytest

from accounts import access
from customers.ownership import give
from records.models import Collaborator
from sales.models import Order, Quote
from tests.customers.makers import customer
from tests.sales import documents

pytestmark = pytest.mark.django_db
MAKE = {Quote: documents.quote, Order: documents.order}


def who(people, row):
    one = type(row).objects.filter(pk=row.pk)
    by_sql = {name for name, person in people.items() if one.filter(access.as_q(person, type(row))).exists()}
    by_walk = {
        name
        for name, person in people.items()
        if sum(walk.narrow(one).count() for walk in access.walks(person, type(row)))
    }
    assert by_sql == by_walk == {name for name, person in people.items() if access.covers(person, row)}
    return by_sql


@pytest.mark.parametrize("model", MAKE)
def test_whoever_has_the_customer_has_its_documents(everybody, model):
    row = MAKE[model](owner=everybody["charlie"], customer=customer(owner=everybody["alice"]))
    row.refresh_from_db()
    assert (row.other_owner, row.other_team) == (everybody["alice"].pk, everybody["alice"].team_id)
    assert {"alice", "charlie", "tess", "erin"} <= who(everybody, row)
    assert "bob" not in who(everybody, row)


@pytest.mark.parametrize("model", MAKE)
def test_the_next_owner_of_the_customer_reaches_them_and_each_stands_once_in_a_list(everybody, model):
    acme = customer(owner=everybody["alice"])
    row = MAKE[model](owner=everybody["alice"], customer=acme)
    row.refresh_from_db()
    assert (row.other_owner, row.other_team) == (None, None)
    give([acme.pk], to=everybody["charlie"], by=None, verb="assign")
    row.refresh_from_db()
    assert row.other_owner == everybody["charlie"].pk
    assert {"alice", "charlie", "tess"} <= who(everybody, row)
    Collaborator.objects.create(user=everybody["bob"], subject_kind="customer", subject_id=acme.pk)
    assert "bob" in who(everybody, row)
    for person in everybody.values():
        found = [
            pk for walk in access.walks(person, model) for pk in walk.narrow(model.objects.all()).values_list("pk")
        ]
        assert len(found) == len(set(found))
