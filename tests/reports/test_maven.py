"""Funnel, contribution, win rate and cycle over a real pipeline, against plain Python over its files."""

import csv
import datetime
import io
import statistics
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import Role, User, UserRole
from reports.asked import Asked
from reports.contribution import contribution
from reports.funnel import funnel
from reports.period import Period
from tests import factories

pytestmark = pytest.mark.django_db
QUARTER = Period(datetime.date(2017, 4, 1), datetime.date(2017, 6, 30))


def read(folder, name):
    return list(csv.DictReader((folder / f"{name}.csv").read_text().splitlines()))


def day(text):
    return datetime.date.fromisoformat(text) if text else None


@pytest.fixture
def deals(shared_data, db):
    """The rows of the file with the region and manager of their people, after the import of all four files."""
    folder = shared_data / "maven_crm"
    files = {"users": "sales_teams", "customers": "accounts", "products": "products", "opportunities": "sales_pipeline"}
    for kind, name in files.items():
        call_command("import_records", kind, str(folder / f"{name}.csv"), stdout=io.StringIO())
    people = {row["sales_agent"]: row for row in read(folder, "sales_teams")}
    rows = read(folder, "sales_pipeline")
    for row in rows:
        person = people[row["sales_agent"]]
        row |= {"manager": person["manager"], "region": person["regional_office"]}
        row["product"] = row["product"].replace("GTXPro", "GTX Pro")
        row["opened"], row["closed"] = day(row["engage_date"]), day(row["close_date"])
    return rows


@pytest.fixture
def viewer(deals):
    return factories.person("viewer", "executive")


def test_reports_agree_with_the_files(deals, viewer):
    for period in (Period(), QUARTER):
        check_funnel(deals, viewer, period)
        check_contribution(deals, viewer, period)
    check_one_person(deals)


def within(value, period):
    start, end = period.start or datetime.date.min, period.end or datetime.date.max
    return value is not None and start <= value <= end


def check_funnel(deals, viewer, period):
    found = funnel(viewer, Asked(period))
    cohort = [row for row in deals if within(row["opened"], period)]
    stages = Counter(row["deal_stage"] for row in cohort)
    closed = [row for row in deals if within(row["closed"], period)]
    won = [row for row in closed if row["deal_stage"] == "Won"]
    totals = found.totals
    assert (totals.created, totals.won, totals.lost) == (len(cohort), stages["Won"], stages["Lost"])
    assert totals.open == stages["Prospecting"] + stages["Engaging"]
    assert totals.undated == sum(row["opened"] is None for row in deals)
    assert totals.win_rate == pytest.approx(len(won) / len(closed))
    assert totals.won_amount == sum(Decimal(row["close_value"]) for row in cohort if row["deal_stage"] == "Won")
    cycles = [(row["closed"] - row["opened"]).days for row in closed]
    assert totals.cycle_mean == pytest.approx(statistics.mean(cycles))
    assert totals.cycle_median == statistics.median(cycles)
    reached = {str(row.stage) if row.stage else "Won": row.reached for row in found.rows}
    assert reached["Engaging"] == len(cohort)
    assert reached["Won"] == stages["Won"]
    standing = {str(row.stage): row.now for row in found.rows if row.stage}
    everything = Counter(row["deal_stage"] for row in deals)
    assert {name: standing[name] for name in ("Prospecting", "Engaging")} == {
        name: everything[name] for name in ("Prospecting", "Engaging")
    }


COLUMNS = {
    "customer": "account",
    "product": "product",
    "person": "sales_agent",
    "manager": "manager",
    "region": "region",
}


def check_contribution(deals, viewer, period):
    won = [row for row in deals if row["deal_stage"] == "Won" and within(row["closed"], period)]
    for by, column in COLUMNS.items():
        expected, counts = defaultdict(Decimal), Counter()
        for row in won:
            expected[row[column]] += Decimal(row["close_value"])
            counts[row[column]] += 1
        found = contribution(viewer, Asked(period, measure="won", by=by), size=None)
        assert {row.label: row.value for row in found.rows} == expected
        assert {row.label: row.facts for row in found.rows} == counts
        order = sorted(expected, key=lambda name: -expected[name])
        assert [row.value for row in found.rows] == [expected[name] for name in order]
        check_classes(found, sum(expected.values()))


def check_classes(found, total):
    before = Decimal(0)
    for row in found.rows:
        share = before / total
        assert row.grade == ("A" if share < Decimal("0.8") else "B" if share < Decimal("0.95") else "C")
        before += row.value
    assert found.total == total


def check_one_person(deals):
    """A manager sees the figures of her people only."""
    manager = User.objects.get(name="Dustin Brinkmann")
    mine = [row for row in deals if row["manager"] == "Dustin Brinkmann" and row["opened"]]
    UserRole.objects.get_or_create(user=manager, role=Role.objects.get(code="supervisor"))
    assert funnel(User.objects.get(pk=manager.pk), Asked(Period())).totals.created == len(mine)
