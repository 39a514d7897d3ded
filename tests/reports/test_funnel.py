"""The funnel against plain Python over the same opportunities."""

import datetime
import random
import statistics

import pytest
from django.utils import timezone

from reports.asked import Asked
from reports.funnel import funnel
from reports.period import Period
from sales.models import Opportunity, Pipeline, StageStay
from tests.customers import makers as customers
from tests.reports import rows
from tests.sales import makers

pytestmark = pytest.mark.django_db
Q1 = Period(datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))


@pytest.fixture
def some(alice, bob, charlie):
    """Opportunities of three people with every combination of dates, stages and ends."""
    dice, made = random.Random(7), []
    stages = list(Pipeline.first_choice().stages.all())
    theirs = {owner: customers.customer(f"Of {owner}", owner=owner) for owner in (alice, bob, charlie)}
    for number in range(60):
        owner = dice.choice([alice, alice, bob, charlie])
        opened = datetime.date(2025, 11, 1) + datetime.timedelta(days=dice.randrange(200)) if number % 9 else None
        furthest = dice.choice(stages)
        stands = stages[0] if dice.random() < 0.3 else furthest
        closed = (opened or datetime.date(2026, 1, 5)) + datetime.timedelta(days=dice.randrange(1, 90))
        made.append(rows.opportunity(
            f"O {number}", owner=owner, customer=theirs[owner], stage=stands, furthest=furthest, opened_on=opened,
            state=dice.choice(["won", "lost", "open", "won"]), closed_on=closed, amount=dice.randrange(100, 9000),
        ))  # fmt: skip
    rows.saved(made)
    return Opportunity.objects.select_related("furthest_stage")


def in_period(day, period=Q1):
    return day is not None and period.start <= day <= period.end


def test_each_stage_counts_those_that_ever_reached_it(some, erin):
    cohort = [row for row in some if in_period(row.opened_on)]
    found = funnel(erin, Asked(Q1))
    stages = list(Pipeline.first_choice().stages.all())
    reached = [
        [row for row in cohort if row.state == "won" or row.furthest_stage.order >= stage.order] for stage in stages
    ]
    reached.append([row for row in cohort if row.state == "won"])
    assert [row.reached for row in found.rows] == [len(rows) for rows in reached]
    assert [row.amount for row in found.rows] == [sum(row.amount for row in rows) for rows in reached]
    assert found.rows[2].from_previous == pytest.approx(len(reached[2]) / len(reached[1]))
    assert found.rows[2].overall == pytest.approx(len(reached[2]) / len(reached[0]))


def test_totals_are_those_of_the_cohort_and_the_win_rate_of_the_closes(some, erin):
    totals = funnel(erin, Asked(Q1)).totals
    cohort = [row for row in some if in_period(row.opened_on)]
    states = [row.state for row in cohort]
    assert (totals.created, totals.won, totals.lost, totals.open) == (
        len(cohort), states.count("won"), states.count("lost"), states.count("open"),
    )  # fmt: skip
    closed = [row for row in some if in_period(row.closed_on)]
    won = [row for row in closed if row.state == "won"]
    assert totals.win_rate == pytest.approx(len(won) / len(closed))
    cycles = [(row.closed_on - row.opened_on).days for row in closed if row.opened_on]
    assert totals.cycle_mean == pytest.approx(statistics.mean(cycles))
    assert totals.cycle_median == statistics.median(cycles)
    assert totals.undated
    assert totals.undated == sum(row.opened_on is None for row in some)


def test_a_step_back_takes_nothing_away(alice, erin):
    row = makers.opportunity(owner=alice, opened_on=datetime.date(2026, 2, 1))
    row.move(makers.stage(3), by=alice)
    row.move(makers.stage(1), by=alice)
    assert [item.reached for item in funnel(erin, Asked(Q1)).rows] == [1, 1, 1, 0, 0]


def test_the_snapshot_counts_open_ones_where_they_stand_whatever_the_period(some, erin):
    standing = [row for row in some if row.state == "open"]
    found = funnel(erin, Asked(Period(datetime.date(1999, 1, 1), datetime.date(1999, 12, 31))))
    assert sum(row.now for row in found.rows) == len(standing)
    assert sum(row.now_amount for row in found.rows) == sum(row.amount for row in standing)


def test_median_days_are_those_of_the_stays_that_ended(alice, erin):
    now = timezone.now()
    for days in (2, 4, 9):
        row = makers.opportunity(owner=alice, opened_on=datetime.date(2026, 2, 1))
        StageStay.objects.filter(opportunity=row).update(entered_at=now - datetime.timedelta(days=days))
        row.move(makers.stage(2), by=alice, now=now)
    assert funnel(erin, Asked(Q1)).rows[0].median_days == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize("name", ["alice", "tess", "erin", "charlie"])
def test_everybody_sees_the_figures_of_her_reach(some, everybody, name):
    person = everybody[name]
    mine = [row for row in Opportunity.objects.visible_to(person) if in_period(row.opened_on)]
    assert funnel(person, Asked(Q1)).totals.created == len(mine)


def test_team_and_person_narrow_the_figures(some, erin, alice, north):
    of_alice = funnel(erin, Asked(Q1, owner=alice)).totals.created
    of_north = funnel(erin, Asked(Q1, team=north)).totals.created
    assert of_alice == sum(in_period(row.opened_on) and row.owner_id == alice.pk for row in some)
    assert of_north == sum(in_period(row.opened_on) and row.team_id == north.pk for row in some)


def test_the_number_of_queries_does_not_grow(some, erin, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        funnel(erin, Asked(Q1))
