"""A real pipeline of an invented company: 35 people, 85 customers, 7 products, 8,800 opportunities."""

import io

import pytest
from django.core.management import call_command

from accounts.models import Team, User
from customers.models import Customer

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
