"""A real pipeline of an invented company: 35 people, 85 customers, 7 products, 8,800 opportunities."""

import csv
import io
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count

from accounts.models import Team, User
from customers.models import Customer
from sales.models import Opportunity, OpportunityLine, Pipeline

pytestmark = pytest.mark.django_db


def run(kind, path, *args):
    out = io.StringIO()
    call_command("import_records", kind, str(path), *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def maven(shared_data):
    return shared_data / "maven_crm"


def test_people_come_with_teams_sub_teams_and_supervisors(maven):
    lines = run("users", maven / "sales_teams.csv")
    assert lines[-1].endswith("read 35, added 35, updated 0, skipped 0, refused 0")
    assert set(Team.objects.filter(parent=None).values_list("name", flat=True)) == {"Central", "East", "West"}
    anna = User.objects.get(name="Anna Snelling")
    assert (anna.team.name, anna.team.parent.name) == ("Dustin Brinkmann", "Central")
    assert anna.team.supervisor.name == "Dustin Brinkmann"
    assert not anna.has_usable_password()


def test_the_same_people_twice_add_nothing(maven):
    run("users", maven / "sales_teams.csv")
    before = User.objects.count()
    assert run("users", maven / "sales_teams.csv")[-1].endswith("added 0, updated 0, skipped 35, refused 0")
    assert User.objects.count() == before


def test_customers_come_with_their_parents(maven):
    lines = run("customers", maven / "accounts.csv")
    print("\n".join(lines))
    assert lines[-1].endswith("read 85, added 85, updated 0, skipped 0, refused 0")
    bluth = Customer.objects.get(name="Bluth Company")
    assert bluth.parent.name == "Acme Corporation"
    assert bluth.industry.code == "technology"
    assert Customer.objects.get(name="Bioholding").country == "PH"
    assert Customer.objects.filter(parent__isnull=False).count() == 15
    assert run("customers", maven / "accounts.csv")[-1].endswith("added 0, updated 0, skipped 85, refused 0")


@pytest.fixture
def whole(maven):
    for kind, name in (("users", "sales_teams"), ("customers", "accounts"), ("products", "products")):
        run(kind, maven / f"{name}.csv")
    return run("opportunities", maven / "sales_pipeline.csv")


def test_the_whole_pipeline_comes_in(whole, maven):
    print("\n".join(whole))
    assert whole[-1].endswith("read 8800, added 8800, updated 0, skipped 0, refused 0")
    rows = list(csv.DictReader((maven / "sales_pipeline.csv").read_text().splitlines()))
    states = Counter(row["deal_stage"] for row in rows)
    found = dict(Opportunity.objects.values_list("state").annotate(n=Count("pk")).order_by())
    assert (found["won"], found["lost"]) == (states["Won"], states["Lost"])
    stages = dict(Opportunity.objects.open().values_list("stage__name").annotate(n=Count("pk")).order_by())
    assert stages == {name: states[name] for name in ("Prospecting", "Engaging")}
    assert not Opportunity.objects.filter(owner=None).exists()
    assert OpportunityLine.objects.filter(product__name="GTX Pro").count() == sum(
        r["product"] == "GTXPro" for r in rows
    )
    won = Opportunity.objects.get(external_id="1C1I7A6R")
    assert (won.opened_on.isoformat(), won.closed_on.isoformat(), won.amount) == ("2016-10-20", "2017-03-01", 1054)
    assert (won.customer.name, won.owner.name, won.stage.name) == ("Cancity", "Moses Frase", "Engaging")
    assert Opportunity.objects.filter(opened_on=None).count() == states["Prospecting"]
    assert any("GTXPro" in line and "GTX Pro" in line for line in whole)


def test_the_same_pipeline_twice_adds_nothing(whole, maven):
    again = run("opportunities", maven / "sales_pipeline.csv")
    assert again[-1].endswith("read 8800, added 0, updated 0, skipped 8800, refused 0")
    assert Pipeline.objects.filter(name="Sales pipeline").count() == 1
