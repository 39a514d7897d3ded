"""The ways that know something of a person or of a lead: best converter, sticky; and what the event tells of it."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError

from customers.create import create_customer
from customers.points import Point, add_point
from leads.assign import assign_leads
from leads.best_converter import is_try
from leads.create import create_lead
from leads.models import AssignmentRule, Lead, RuleMember
from leads.rules import change_rule
from leads.sticky import known_owners
from leads.strategies import HOW
from leads.why import why_owner
from records.dictionary import entry_by_code
from records.models import Event
from tests.leads import makers

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def shares():
    return Counter(Lead.objects.filter(state="assigned").values_list("owner__username", flat=True))


def closed(person, *, won, lost, days_ago=10):
    customer = create_customer({"name": f"Of {person}"}, by=person)
    reason = entry_by_code("lead_lost_reason", "spam")
    when = NOW - days_ago * DAY
    for _ in range(won):
        makers.lead(owner=person, state="converted", customer=customer, converted_at=when)
    for _ in range(lost):
        makers.lead(owner=person, state="lost", lost_reason=reason, lost_at=when)


def best(*people, **fields):
    return makers.rule(*people, strategy="best_converter", **{"least_sample": 5, "tries_percent": 0, **fields})


# --- best converter ---


def test_leads_go_to_who_converts_the_most(alice, bob):
    closed(alice, won=2, lost=8)
    closed(bob, won=5, lost=5)
    best(alice, bob)
    lead = makers.lead()
    assign_leads(now=NOW)
    lead.refresh_from_db()
    assert lead.owner == bob
    facts = Event.objects.get(verb="assign").facts
    assert (facts["how"], facts["converted"], facts["closed"]) == ("best", 5, 10)
    assert "converts the most: 5 of the 10 leads she closed" in why_owner(lead)


def test_who_closed_too_few_is_not_the_best_however_good(alice, bob):
    closed(alice, won=1, lost=0)
    closed(bob, won=1, lost=9)
    best(alice, bob)
    makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"bob": 1}


def test_what_was_closed_before_the_measured_days_says_nothing(alice, bob):
    closed(alice, won=10, lost=0, days_ago=40)
    closed(bob, won=1, lost=9)
    best(alice, bob, measured_days=30)
    makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"bob": 1}


def test_a_share_is_kept_for_the_others_who_take_turns(alice, bob, charlie):
    closed(alice, won=9, lost=1)
    closed(bob, won=1, lost=9)
    best(alice, bob, charlie, tries_percent=20)
    Lead.objects.bulk_create([Lead(name=f"Lead {n}") for n in range(100)])
    assign_leads(now=NOW)
    given = shares()
    assert sum(given.values()) == 100
    assert 17 <= given["bob"] + given["charlie"] <= 23
    assert abs(given["bob"] - given["charlie"]) <= 1


@pytest.mark.parametrize("percent", [0, 5, 20, 50])
def test_tries_are_spread_evenly_over_the_leads(percent):
    for start in (1, 5_000, 1_999_000):
        assert abs(sum(is_try(pk, percent) for pk in range(start, start + 200)) - 2 * percent) <= 4


def test_equal_figures_take_turns_by_the_ring(alice, bob):
    closed(alice, won=2, lost=8)
    closed(bob, won=1, lost=4)
    best(alice, bob)
    for _ in range(6):
        makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"alice": 3, "bob": 3}


def test_while_nobody_is_measured_everybody_takes_turns(alice, bob):
    best(alice, bob)
    for _ in range(4):
        makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"alice": 2, "bob": 2}


def test_when_the_best_is_full_the_next_best_gets_it(alice, bob, charlie):
    closed(alice, won=9, lost=1)
    closed(bob, won=5, lost=5)
    closed(charlie, won=1, lost=9)
    best(alice, bob, charlie)
    RuleMember.objects.filter(user=alice).update(daily_cap=2)
    for _ in range(5):
        makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"alice": 2, "bob": 3}


def test_another_way_starts_with_an_even_ring(alice, bob):
    rule = makers.rule(alice, bob)
    RuleMember.objects.filter(user=alice).update(position=500)
    change_rule(rule, {"strategy": "weighted"}, [{"user": alice}, {"user": bob}], by=None)
    for _ in range(4):
        makers.lead()
    assign_leads(now=NOW)
    assert shares() == {"alice": 2, "bob": 2}


# --- sticky ---

PUMPS = {"name": "Pumps GmbH", "country": "DE"}


def customer_of(owner, **fields):
    points = fields.pop("points", [])
    customer = create_customer({**PUMPS, **fields}, by=owner)
    for kind, value in points:
        add_point(customer, Point(kind, value), by=owner)
    return customer


def sticky(*people, **fields):
    return makers.rule(*people, strategy="sticky", **fields)


def give(values):
    lead = create_lead({"country": "DE", **values}, by=None)
    assign_leads(now=NOW)
    lead.refresh_from_db()
    return lead


@pytest.mark.parametrize(
    ("known", "typed", "how"),
    [
        ({"points": [("phone", "+49 30 1234567")]}, {"name": "A", "phone": "030 1234567"}, "owner_phone"),
        ({"points": [("email", "a@pumps.example")]}, {"name": "A", "email": "A@pumps.example"}, "owner_email"),
        ({"tax_number": "DE123456788"}, {"name": "A", "tax_number": "de 123456788"}, "owner_tax"),
        ({}, {"name": "A", "company": "PUMPS Gmbh"}, "owner_company"),
    ],
)
def test_a_lead_goes_to_the_owner_of_the_customer_it_belongs_to(alice, bob, known, typed, how):
    customer_of(bob, **known)
    sticky(alice, bob)
    lead = give(typed)
    assert lead.owner == bob
    assert Event.objects.get(verb="assign", subject_id=lead.pk).facts["how"] == how
    assert str(HOW[how]) in why_owner(lead)


def test_a_strong_signal_counts_before_the_name_of_the_company(alice, bob):
    customer_of(alice, name="Pumps GmbH")
    customer_of(bob, name="Other", points=[("phone", "+49301234567")])
    sticky(alice, bob)
    assert give({"company": "Pumps GmbH", "phone": "+49301234567"}).owner == bob


def test_an_owner_who_cannot_take_it_leaves_it_to_the_second_way(alice, bob, charlie):
    customer_of(charlie)
    customer_of(bob, name="Valves")
    rule = sticky(alice, bob)
    RuleMember.objects.filter(user=bob).update(holding_cap=0)
    assert give({"company": "Pumps GmbH"}).owner == alice  # charlie does not take part
    assert give({"company": "Valves"}).owner == alice  # bob is full
    assert Event.objects.filter(verb="assign", facts__how="next", facts__rule=rule.pk).count() == 2


def test_leads_of_unknown_customers_take_turns_and_what_owners_get_counts(alice, bob):
    customer_of(bob)
    sticky(alice, bob)
    for _ in range(2):
        create_lead({"company": "Pumps GmbH", "country": "DE"}, by=None)
    for number in range(4):
        makers.lead(f"Unknown {number}")
    assign_leads(now=NOW)
    assert shares() == {"alice": 3, "bob": 3}


def test_a_signal_that_hits_more_than_twenty_records_is_none(alice, bob):
    customer_of(bob, points=[("phone", "+49301234567")])
    for number in range(19):
        makers.lead(f"Lead {number}", phone_key="+49301234567", owner=alice)
    lead = create_lead({"name": "A", "phone": "+49301234567"}, by=None)
    assert known_owners([lead.pk]) == {lead.pk: ((bob.pk, "phone"),)}
    makers.lead("One more", phone_key="+49301234567", owner=alice)
    assert known_owners([lead.pk]) == {}


def test_a_customer_in_the_pool_or_in_the_trash_holds_nobody(alice, bob):
    gone = customer_of(bob)
    gone.trash(by=bob)
    assert known_owners([create_lead({"company": "Pumps GmbH"}, by=None).pk]) == {}


def test_sticky_asks_once_for_all_leads(alice, bob, django_assert_max_num_queries):
    customer_of(bob)
    sticky(alice, bob)
    for number in range(120):
        create_lead({"name": f"Lead {number}", "company": "Pumps GmbH" if number % 2 else ""}, by=None)
    with django_assert_max_num_queries(40):
        assign_leads(now=NOW)
    assert not Lead.objects.waiting().exists()


def test_the_second_way_may_not_be_sticky_itself(alice):
    with pytest.raises(IntegrityError, match="rule_second_way_finds_somebody"):
        AssignmentRule.objects.create(name="X", strategy="sticky", second_strategy="sticky")


# --- why ---


def test_the_page_says_out_of_whom_she_was_chosen(alice, bob, charlie, tess):
    makers.rule(alice, bob, charlie, name="Web")
    bob.is_on_duty = False
    bob.save()
    RuleMember.objects.filter(user=charlie).update(daily_cap=0)
    lead = makers.lead()
    assign_leads(now=NOW)
    lead.refresh_from_db()
    assert why_owner(lead) == (
        "By the rule “Web”: In turn: of 3 people, 1 off duty, 1 at the cap of the day; next in the ring."
    )
    lead.assign(tess, by=tess)
    assert why_owner(lead) == "By hand: Tess assigned it."
