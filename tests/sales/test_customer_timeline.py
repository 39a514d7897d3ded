"""What the room adds to a customer's timeline, in words."""

import pytest

from customers.timeline import timeline
from tests.customers import makers as customers
from tests.sales import makers as sales

pytestmark = pytest.mark.django_db


def test_a_move_names_both_stages(alice):
    customer = customers.customer(owner=alice)
    opportunity = sales.opportunity(owner=alice, customer=customer)
    before, after = opportunity.stage, sales.stage(2)
    opportunity.move(after, by=alice)
    assert before != after
    told = timeline(customer).entries[0].title
    assert told == f"Opportunity moved from “{before.label}” to “{after.label}”"


def test_the_names_of_many_moves_cost_no_more_than_those_of_one(alice, count_queries):
    customer = customers.customer(owner=alice)
    opportunity = sales.opportunity(owner=alice, customer=customer)
    opportunity.move(sales.stage(2), by=alice)
    once = count_queries(lambda: timeline(customer))
    opportunity.move(sales.stage(1), by=alice)
    opportunity.move(sales.stage(2), by=alice)
    assert count_queries(lambda: timeline(customer)) == once
