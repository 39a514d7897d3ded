"""How far a lead ever came, at once after each verb."""

import datetime

import pytest
from django.utils import timezone

from customers.derived import derive
from leads.convert import convert_lead
from leads.states import WayStep
from leads.way import refresh_all_ways
from records.moves import move
from tests.customers import makers as customers
from tests.leads import makers as leads
from tests.records.entries import entry
from tests.sales import documents
from tests.sales import makers as sales

pytestmark = pytest.mark.django_db


def step(lead):
    lead.refresh_from_db(fields=["way_step"])
    return WayStep(lead.way_step)


def test_a_lead_walks_step_by_step(alice):
    lead = leads.lead(owner=alice)
    assert step(lead) == WayStep.LEAD
    customer = convert_lead(lead, by=alice).customer
    assert step(lead) == WayStep.LEAD
    customer.edit({"intention": entry("intention", "soon")}, by=alice)
    assert step(lead) == WayStep.INTENT
    row = sales.opportunity(owner=alice, customer=customer)
    assert step(lead) == WayStep.OPPORTUNITY
    quote = documents.quote(owner=alice, customer=customer, opportunity=row)
    quote.submit(by=alice)
    assert step(lead) == WayStep.OPPORTUNITY
    move(quote, "send", by=alice, sent_at=timezone.now())
    derive([customer.pk])
    assert step(lead) == WayStep.QUOTED
    row.win(by=alice)
    assert step(lead) == WayStep.WON


def test_what_it_reached_stays_when_the_opportunity_is_lost(alice):
    lead = leads.lead(owner=alice)
    customer = convert_lead(lead, by=alice, opportunity={"name": "Pumps"}).customer
    assert step(lead) == WayStep.OPPORTUNITY
    customer.opportunities.get().lose(sales.reason(), by=alice)
    assert step(lead) == WayStep.OPPORTUNITY


def test_intent_that_passed_was_reached(alice):
    lead = leads.lead(owner=alice)
    customer = convert_lead(lead, by=alice).customer
    customer.edit({"intention": entry("intention", "soon")}, by=alice)
    customer.edit({"intention": None}, by=alice)
    assert (customer.state, step(lead)) == ("prospect", WayStep.INTENT)


def test_a_win_that_is_taken_back_counts_no_more(alice):
    lead = leads.lead(owner=alice)
    row = convert_lead(lead, by=alice, opportunity={"name": "Pumps"}).opportunity
    row.win(by=alice)
    row.reopen(by=alice)
    assert step(lead) == WayStep.OPPORTUNITY


def test_what_the_customer_had_before_is_not_the_leads_doing(alice):
    customer = customers.customer(owner=alice)
    before = sales.opportunity(owner=alice, customer=customer, opened_on=datetime.date(2020, 1, 1))
    before.win(by=alice, on=datetime.date(2020, 2, 1))
    lead = leads.lead(owner=alice)
    convert_lead(lead, by=alice, customer=customer)
    assert step(lead) == WayStep.LEAD


def test_all_leads_at_once_come_to_the_same(alice):
    found = [leads.lead(owner=alice) for _number in range(3)]
    convert_lead(found[1], by=alice, opportunity={"name": "Pumps"}).opportunity.win(by=alice)
    convert_lead(found[2], by=alice, opportunity={"name": "Pumps"})
    steps = [step(lead) for lead in found]
    type(found[0]).objects.update(way_step=0)
    refresh_all_ways()
    assert [step(lead) for lead in found] == steps == [WayStep.LEAD, WayStep.WON, WayStep.OPPORTUNITY]
