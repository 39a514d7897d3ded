"""The contribution against plain Python over the same wins."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.asked import Asked
from reports.contribution import contribution
from reports.period import Period
from sales.models import OpportunityLine
from tests.customers import makers as customers
from tests.reports import rows
from tests.sales import makers

pytestmark = pytest.mark.django_db
YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


def win(owner, customer, amount, *, on="2026-05-05"):
    day = datetime.date.fromisoformat(on)
    return rows.saved([rows.opportunity("Won", owner=owner, customer=customer, stage=makers.stage(), opened_on=None,
                                        state="won", closed_on=day, amount=amount)])[0]  # fmt: skip


def by(user, dimension, **asked):
    return contribution(user, Asked(YEAR, measure="won", by=dimension, **asked))


def test_values_are_summed_by_customer_largest_first(alice, erin):
    small, large = customers.customer("Small", owner=alice), customers.customer("Large", owner=alice)
    for customer, amount in ((small, 10), (large, 70), (small, 15), (large, 5)):
        win(alice, customer, amount)
    found = by(erin, "customer")
    assert [(row.label, row.value, row.facts) for row in found.rows] == [("Large", 75, 2), ("Small", 25, 2)]
    assert [row.share for row in found.rows] == [0.75, 0.25]
    assert [row.cumulative for row in found.rows] == [0.75, 1.0]
    assert (found.total, found.facts) == (100, 4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_classes_follow_the_cumulative_share_before_the_row(alice, erin, amounts, db):
    from django.db import transaction

    with transaction.atomic():
        for number, amount in enumerate(amounts):
            win(alice, customers.customer(f"C {number:02}", owner=alice), amount)
        expected, before = [], 0
        for amount in sorted(amounts, reverse=True):
            share = Decimal(before) / sum(amounts)
            expected.append("A" if share < Decimal("0.8") else "B" if share < Decimal("0.95") else "C")
            before += amount
        found = by(erin, "customer")
        assert [row.grade for row in found.rows] == expected
        assert {item.grade: item.rows for item in found.classes} == {g: expected.count(g) for g in set(expected)}
        transaction.set_rollback(True)


def test_an_amount_is_shared_among_products_as_their_lines_are(alice, erin):
    pump, valve = makers.product("Pump"), makers.product("Valve")
    row = makers.opportunity(owner=alice, customer=customers.customer(owner=alice), currency="EUR")
    for product, price in ((pump, 300), (valve, 100)):
        OpportunityLine.objects.create(
            opportunity=row, product=product, quantity=1, unit_price=Decimal(price), amount=Decimal(price)
        )
    type(row).objects.filter(pk=row.pk).update(amount=400, amount_company=400)
    row.refresh_from_db()
    row.win(by=alice, on=datetime.date(2026, 5, 5))
    bare = win(alice, customers.customer("Other", owner=alice), 50)
    OpportunityLine.objects.create(opportunity=bare, product=pump, quantity=1)
    OpportunityLine.objects.create(opportunity=bare, product=valve, quantity=1)
    assert {item.label: item.value for item in by(erin, "product").rows} == {"Pump": 325, "Valve": 125}


def test_what_was_won_without_a_product_is_a_row_of_its_own(alice, erin):
    win(alice, customers.customer(owner=alice), 40)
    assert [(row.key, row.value) for row in by(erin, "product").rows] == [(None, 40)]


def test_figures_stay_with_whoever_closed_it(alice, bob, charlie, tess, erin):
    customer = customers.customer(owner=alice)
    row = win(alice, customer, 40)
    row.assign(charlie, by=tess)
    win(bob, customer, 60)
    assert {item.label: item.value for item in by(erin, "person").rows} == {"Bob": 60, "Alice": 40}
    assert {item.label: item.value for item in by(erin, "team").rows} == {"North": 100}
    assert {item.label: item.value for item in by(erin, "manager").rows} == {"Tess": 100}


def test_a_win_outside_the_period_does_not_count(alice, erin):
    win(alice, customers.customer(owner=alice), 40, on="2025-12-31")
    assert by(erin, "customer").rows == []


def test_everybody_sees_the_wins_of_her_reach(alice, charlie, tess, erin):
    totals = defaultdict(Decimal)
    for owner, amount in ((alice, 10), (charlie, 90)):
        win(owner, customers.customer(f"Of {owner}", owner=owner), amount)
    for person in (alice, charlie, tess, erin):
        totals[person.username] = by(person, "customer").total
    assert totals == {"alice": 10, "charlie": 90, "tess": 10, "erin": 100}


def test_totals_count_what_the_table_leaves_out(alice, erin):
    for number in range(5):
        win(alice, customers.customer(f"C {number}", owner=alice), 10)
    first = contribution(erin, Asked(YEAR, measure="won", by="customer"), size=2)
    assert (len(first.rows), first.count, first.total, first.pages) == (2, 5, 50, 3)
    pages = [contribution(erin, Asked(YEAR, measure="won", by="customer", page=page), size=2) for page in (1, 2, 3, 4)]
    # Equal values come by name, and go on from page to page.
    assert [row.label for page in pages for row in page.rows] == [f"C {number}" for number in range(5)]
    assert [row.place for page in pages for row in page.rows] == [1, 2, 3, 4, 5]
    assert {(page.total, page.count) for page in pages} == {(50, 5)}
