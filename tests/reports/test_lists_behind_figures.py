"""A figure opens the list behind it, which has exactly as many rows as the figure says."""

import datetime
import re

import pytest

from reports.asked import Asked
from reports.contribution import contribution
from reports.funnel import funnel
from reports.period import Period
from tests.customers import makers as customers
from tests.records.entries import entry
from tests.reports import rows
from tests.sales import makers

pytestmark = pytest.mark.django_db
YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


@pytest.fixture
def some(alice, charlie, tess):
    pump, made = makers.product("Pump"), []
    theirs = {
        (owner, number): customers.customer(
            f"C {number} {owner}", owner=owner, region=entry("region", f"r{number % 2}")
        )
        for owner in (alice, charlie)
        for number in range(3)
    }
    for number in range(12):
        owner = charlie if number % 4 == 0 else alice
        opened = datetime.date(2025 + number % 2, 6, 1) if number % 5 else None
        state = ("won", "lost", "open")[number % 3]
        made.append(rows.opportunity(
            f"O {number}", owner=owner, customer=theirs[owner, number % 3], stage=makers.stage(1 + number % 3),
            opened_on=opened, state=state, closed_on=datetime.date(2026, 7 if state == "won" else 8, 1),
            amount=10 + number,
        ))  # fmt: skip
    for number, row in enumerate(rows.saved(made)):
        if number % 2:
            row.lines.create(product=pump, quantity=1)


def rows_of(client, address):
    page = client.get(address, {"limit": 200} if "?" not in address else None).content.decode()
    return len(re.findall(r'name="ids"', page)) or len(re.findall(r"<tr[^>]*data-list-row", page))


def test_every_figure_of_the_funnel_opens_its_rows(some, signed_in, erin):
    client, found = signed_in(erin), funnel(erin, Asked(YEAR))
    assert found.totals.undated
    pairs = [(row.list, row.reached) for row in found.rows] + [
        (row.now_list, row.now) for row in found.rows if row.stage
    ]
    pairs += [(address, getattr(found.totals, name)) for name, address in found.totals.lists.items()]
    assert [rows_of(client, address) for address, _number in pairs] == [number for _address, number in pairs]


@pytest.mark.parametrize("by", ["customer", "product", "person", "team", "manager", "region", "customer_region"])
def test_every_row_of_the_contribution_opens_its_wins(some, signed_in, erin, by):
    client = signed_in(erin)
    linked = [row for row in contribution(erin, Asked(YEAR, measure="won", by=by)).rows if row.list]
    assert linked
    assert [rows_of(client, row.list) for row in linked] == [row.facts for row in linked]


def test_a_team_in_the_question_is_one_in_the_list(some, signed_in, erin, north):
    client, found = signed_in(erin), funnel(erin, Asked(YEAR, team=north))
    assert rows_of(client, found.totals.lists["created"]) == found.totals.created > 0
