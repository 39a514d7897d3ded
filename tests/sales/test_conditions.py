import datetime

import pytest

from customers.conditions import conditions
from customers.models import Customer
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db


def holds(name, choice=None):
    found = Customer.objects.annotate(x=conditions[name].expression(choice))
    return dict(found.values_list("name", "x"))


def test_an_open_opportunity_counts_from_the_chosen_stage_on(alice):
    with_early, with_late = customer("Early", owner=alice), customer("Late", owner=alice)
    customer("None", owner=alice)
    makers.opportunity(owner=alice, customer=with_early)
    makers.opportunity(owner=alice, customer=with_late, stage=makers.stage(3))
    makers.opportunity(owner=alice, customer=with_early, stage=makers.stage(4)).lose(makers.reason(), by=alice)
    assert holds("open_opportunity") == {"Early": True, "Late": True, "None": False}
    assert holds("open_opportunity", str(makers.stage(2).pk)) == {"Early": False, "Late": True, "None": False}
    assert len(conditions["open_opportunity"].choices()) == 4


def test_the_last_win_of_a_customer(alice):
    acme = customer("Acme", owner=alice)
    customer("None", owner=alice)
    for day in (3, 9, 5):
        makers.opportunity(owner=alice, customer=acme).win(by=alice, on=datetime.date(2026, 5, day))
    assert holds("won_opportunity") == {"Acme": datetime.date(2026, 5, 9), "None": None}
