"""Instalments and invoices carry what their lists ask of the order, whoever changes the order and however."""

import pytest

from sales.collect import plan
from sales.issue_invoice import invoice
from sales.models import Instalment, Invoice, Order
from sales.run_order import confirm
from tests.customers import makers as customers
from tests.sales import documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(alice, finn):
    made = documents.order(owner=alice, customer=customers.customer(owner=alice))
    for one in plan(made, documents.halves(), by=finn):
        invoice(one, by=finn)
    return made


def copies(model) -> set[tuple]:
    return set(model.objects.values_list("order_owner", "order_team", "order_other_owner", "order_other_team"))


@pytest.mark.parametrize("model", [Instalment, Invoice])
def test_the_copies_follow_the_order_s_owner_in_one_update_of_many(order, alice, charlie, model):
    assert copies(model) == {(alice.pk, alice.team_id, None, None)}
    Order.objects.filter(pk=order.pk).update(owner=charlie, team=charlie.team)
    assert copies(model) == {(charlie.pk, charlie.team_id, alice.pk, alice.team_id)}


@pytest.mark.parametrize("model", [Instalment, Invoice])
def test_the_copies_follow_the_customer_s_owner(order, alice, charlie, model):
    Order.objects.filter(pk=order.pk).update(customer_owner=charlie.pk, customer_team=charlie.team_id)
    assert copies(model) == {(alice.pk, alice.team_id, charlie.pk, charlie.team_id)}


def test_instalments_of_an_order_that_does_not_count_are_in_no_list(order, finn):
    assert Instalment.objects.live().count() == 2
    Order.objects.filter(pk=order.pk).update(state="returned")
    assert (Instalment.objects.live().count(), Invoice.objects.live().count()) == (0, 2)
    Order.objects.filter(pk=order.pk).update(state="delivered")
    assert Instalment.objects.live().count() == 2


def test_a_draft_s_instalments_wait_for_its_confirmation(alice):
    draft = documents.draft_order(owner=alice)
    Instalment.objects.create(order=draft, position=1, due_on=documents.DAY, amount=100, currency="EUR")
    assert not Instalment.objects.live().exists()
    confirm(draft, by=alice, on=documents.DAY)
    assert Instalment.objects.live().count() == 1
