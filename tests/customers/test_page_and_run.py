"""What the page of a customer says in words ("12 days left", "tonight", "stays") is what a dry run of that day does."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from customers.churn.case import defer, open_case
from customers.limits import Today
from customers.log_activity import log_activity
from customers.models import ChurnCase, Customer, Pool, RecycleRule
from customers.pool.on_page import days_left
from customers.recycle import recycle
from customers.standing import standing_of
from sales.models import Opportunity
from tests.customers.makers import customer
from tests.sales.makers import opportunity

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 2, tzinfo=UTC)
moments = st.integers(0, 120 * 24 * 12).map(lambda steps: NOW - timedelta(minutes=5 * steps + 1))
maybe = st.one_of(st.none(), moments)
own_days = st.dictionaries(
    st.integers(-60, 60).map(lambda n: (NOW.date() + timedelta(days=n)).isoformat()), st.booleans(), max_size=12
)


@st.composite
def rules(draw):
    idle, order = draw(st.sampled_from([(20, None), (None, 45), (15, 40), (40, 15), (3, None)]))
    return {
        "idle_days": idle, "order_days": order, "needs_both": bool(idle and order) and draw(st.booleans()),
        "counts_working_days": draw(st.booleans()), "fresh_days": draw(st.sampled_from([0, 10, 60])),
        "grades": draw(st.sampled_from([[], ["A"], ["D"]])),
        "exempt": draw(st.sampled_from([{}, {"open_opportunity": True}])),
    }  # fmt: skip


customers = st.fixed_dictionaries({
    "grade": st.sampled_from("AD"), "touched": maybe, "assigned": moments, "sold": maybe,
    "protected": st.one_of(st.none(), st.integers(-5, 60)), "deferred": st.booleans(), "has_deal": st.booleans(),
})  # fmt: skip


@given(first=rules(), second=rules(), given_rows=st.lists(customers, min_size=1, max_size=3), own=own_days)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_words_of_the_page_are_what_a_dry_run_does(alice, first, second, given_rows, own):
    with transaction.atomic():
        for model in (Opportunity, ChurnCase, Customer, RecycleRule):
            model._base_manager.all().delete()
        days = {day: {"works": works, "name": ""} for day, works in own.items()}
        Company(time_zone="Europe/Berlin", country="DE", own_days=days).save()
        for order, fields in enumerate((first, second)):
            RecycleRule.objects.create(pool=Pool.default(), name="r", order=order, is_active=True, **fields)
        rows = [made(alice, **fields) for fields in given_rows]
        compare(rows)


def made(owner, *, grade, touched, assigned, sold, protected, deferred, has_deal):
    row = customer(owner=owner, grade=grade)
    if deferred:
        until = NOW.date() + timedelta(days=30)
        defer(open_case(row, by=owner, now=NOW), "A visit", until, by=owner, now=NOW)
    if has_deal:
        opportunity(owner=owner, customer=row)
    Customer.objects.filter(pk=row.pk).update(
        assigned_at=assigned, last_contact_at=touched, last_order_on=sold and sold.date(),
        protected_until=None if protected is None else NOW + timedelta(days=protected, minutes=1),
    )  # fmt: skip
    return Customer.objects.get(pk=row.pk)


def compare(rows):
    said = {row.pk: words(row, NOW) for row in rows}
    assert moved(NOW) == sum("tonight" in text for text in said.values())
    for row in rows:
        alone = Customer.objects.exclude(pk=row.pk)
        found = re.search(r"(\d+) days? left", said[row.pk])
        if not found:
            continue
        falls_on = Today.at(NOW).date + timedelta(days=int(found[1]))
        hidden = list(alone.values_list("pk", flat=True))
        Customer.objects.filter(pk__in=hidden).update(deleted_at=NOW)
        assert not moved(night_of(falls_on) - timedelta(days=1))
        protected = row.protected_until and row.protected_until > night_of(falls_on)
        assert moved(night_of(falls_on)) == (0 if protected else 1)
        Customer.objects.filter(pk__in=hidden).update(deleted_at=None)


def words(row, now):
    """As the strip at the top of the page has them; a protected customer has a line of its own there."""
    return " ".join(step.text for step in days_left(None, row, now=now))


def night_of(day: date):
    return Today.at(NOW).start_of(day) + timedelta(hours=2)


def moved(now):
    return recycle(now=now, dry_run=True).moved


@pytest.mark.parametrize(
    ("fields", "what"),
    [({"idle_days": 30}, "Any activity, such as a call, resets it."), ({"order_days": 30}, "An order or a won opp")],
)
def test_what_is_said_to_reset_the_days_does(alice, fields, what):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, **fields)
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=18))
    assert words(row, NOW).startswith("12 days left") and what in words(row, NOW)
    log_activity(row, {"type": "call", "at": NOW - timedelta(minutes=1)}, by=alice, now=NOW)
    assert standing_of(row, now=NOW).days_left == (30 if "idle_days" in fields else 12)
    Customer.objects.filter(pk=row.pk).update(last_order_on=NOW.date())
    assert standing_of(row, now=NOW).days_left == 30
