"""What the page says of the days left is what the run does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from customers.alerts import dropping
from customers.limits import Today, due, rules_in_force
from customers.models import Customer, Pool, RecycleRule
from customers.standing import standing_of
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 2, tzinfo=UTC)
moments = st.integers(0, 120 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
maybe = st.one_of(st.none(), moments)


@st.composite
def rules(draw):
    idle, order = draw(st.sampled_from([(20, None), (None, 45), (15, 40), (40, 15)]))
    return {
        "idle_days": idle, "order_days": order, "needs_both": bool(idle and order) and draw(st.booleans()),
        "counts_working_days": draw(st.booleans()), "fresh_days": draw(st.sampled_from([0, 10, 60])),
        "warn_days": draw(st.sampled_from([0, 3, 30])), "grades": draw(st.sampled_from([[], ["A"], ["D"]])),
    }  # fmt: skip


@given(
    first=rules(), second=rules(), touched=maybe, assigned=moments, sold=maybe, protected=maybe,
    grade=st.sampled_from("AD"), zone=st.sampled_from(["UTC", "Pacific/Auckland", "America/Los_Angeles"]),
    ahead=st.integers(0, 90),
)  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_says_what_the_run_does(alice, first, second, touched, assigned, sold, protected, grade, zone, ahead):
    Customer.objects.all().delete()
    RecycleRule.objects.all().delete()
    Company(time_zone=zone, country="DE", has_public_holidays=True).save()
    for order, fields in enumerate((first, second)):
        RecycleRule.objects.create(pool=Pool.default(), name="r", order=order, is_active=True, **fields)
    row = customer(
        owner=alice, grade=grade, last_contact_at=touched, last_order_on=sold and sold.date(),
        protected_until=protected and protected + timedelta(days=60),
    )  # fmt: skip
    Customer.objects.filter(pk=row.pk).update(assigned_at=assigned)
    now = NOW + timedelta(days=ahead)
    standing, in_force, today = standing_of(row, now=now), rules_in_force(), Today.at(now)
    falls = any(due(in_force, rule, today).exists() for rule in in_force)
    assert falls is bool(standing and standing.is_due)
    if standing is None or standing.is_kept or protected:
        return
    # On the day before it stays, on the day itself it goes.
    at = Today.at(now).start_of(standing.drops_on)
    assert any(due(in_force, rule, Today.at(at)).exists() for rule in in_force)
    assert not any(due(in_force, rule, Today.at(at - timedelta(seconds=1))).exists() for rule in in_force)
    assert any(rows.exists() for rows in dropping(today)) is bool(standing.rule.warn_days and standing.is_warned)


def test_days_left_and_what_resets_them_are_said(alice):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30)
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=18))
    standing = standing_of(row, now=NOW)
    assert standing.headline == "12 days left before the pool “Shared pool”"
    assert standing.resets == "Any activity, such as a call, resets it."
    assert standing.because == "no activity for 30 days"


def test_who_is_in_no_rule_or_in_a_pool_has_no_days(alice):
    assert standing_of(customer(owner=alice), now=NOW) is None
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=30, grades=["A"])
    assert standing_of(customer(owner=alice), now=NOW) is None
    assert standing_of(customer(grade="A"), now=NOW) is None


def test_what_keeps_it_is_named(alice):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=1)
    row = customer(owner=alice, protected_until=NOW + timedelta(days=365))
    Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=18))
    standing = standing_of(row, now=NOW)
    assert standing.is_kept and not standing.is_due and standing.headline == "Stays with its owner"
