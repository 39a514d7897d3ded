"""The page of a nightly run: per rule and person how many, who, what the brake stopped, undo; the rule links to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from customers.churn.case import defer, open_case
from customers.churn.watch import watch
from customers.models import Customer, Pool, RecycleRule
from customers.run_report import report_of
from records.jobs import run_job
from records.models import Batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 2, tzinfo=UTC)


def rule(name="Cold", **fields):
    pool = fields.pop("pool", None) or Pool.default()
    return RecycleRule.objects.create(pool=pool, name=name, is_active=True, **{"idle_days": 30, **fields})


def cold(owner, name, **fields):
    row = customer(name, owner=owner, **fields)
    Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=40))
    return row


@pytest.fixture
def night(alice, bob):
    """Two rules, two people; the brake of another pool holds a third."""
    held = Pool.objects.create(name="Held back", brake_percent=1)
    rule("Never", order=1, pool=held, grades=["A"])
    rule("Grade B", order=2, grades=["B"]), rule("Rest", order=3)
    cold(alice, "Braked", grade="A")
    cold(alice, "Beta one", grade="B"), cold(alice, "Delta one"), cold(alice, "Delta two"), cold(bob, "Delta three")
    return run_job("customers.recycle", now=NOW).batch


def test_each_rule_tells_whom_it_relieved_of_how_many(night, olga, signed_in):
    report = report_of(night, olga, {})
    told = {group.label: [(name, number) for name, number, _url in group.people] for group in report.groups}
    assert told == {"Grade B": [("Alice", 1)], "Rest": [("Alice", 2), ("Bob", 1)]}
    assert report.is_stopped and any("Held back" in line for line in report.said)
    page = signed_in(olga).get(reverse("records:batch", args=[night.pk])).text
    assert "The brake held a part of this run back" in page and "Undo this batch" in page and "Grade B" in page


def test_a_figure_opens_whom_it_counts_a_page_at_a_time(night, olga, signed_in, monkeypatch):
    monkeypatch.setattr("customers.run_report.PAGE", 1)
    alices = next(url for group in report_of(night, olga, {}).groups if group.label == "Rest"
                  for name, _n, url in group.people if name == "Alice")  # fmt: skip
    client, page = signed_in(olga), reverse("records:batch", args=[night.pk])
    first = client.get(page + alices).text
    assert "Delta one" in first and "Delta two" not in first and "Delta three" not in first
    assert "Delta two" in client.get(page + alices.replace("#who", "") + f"&after={_id('Delta one')}").text


def _id(name):
    return Customer.objects.get(name=name).pk


def test_the_page_of_a_rule_leads_to_its_last_run(night, olga, tess, signed_in):
    rest = RecycleRule.objects.get(name="Rest")
    page = signed_in(olga).get(reverse("customers:recycle_rule", args=[rest.pk])).text
    assert "3 customers moved by this rule" in page and "Alice 2" in page
    assert reverse("records:batch", args=[night.pk]) in page
    assert reverse("records:batch", args=[night.pk]) in signed_in(olga).get(reverse("customers:pool_rules")).text


def test_a_rule_that_is_gone_is_told_by_its_number(night, olga):
    gone = RecycleRule.objects.get(name="Rest")
    number = gone.pk
    gone.delete()
    assert f"Rule {number}, deleted since" in {group.label for group in report_of(night, olga, {}).groups}


def test_customers_out_of_reach_are_told_by_number_only(night, alice):
    """Whoever started a batch sees its page; a customer in no pool of hers stays a number."""
    Pool.objects.update(is_open=False)
    asked = {"what": str(RecycleRule.objects.get(name="Rest").pk), "person": str(alice.pk)}
    assert [name for name, _url in report_of(night, alice, asked).who.rows] == [
        f"Customer {_id('Delta one')}", f"Customer {_id('Delta two')}",
    ]  # fmt: skip


@pytest.mark.parametrize("asked", [{"what": "x"}, {"what": "1", "person": "x"}, {"what": "' OR 1=1", "after": "-1"}])
def test_nonsense_in_the_address_chooses_nothing(night, olga, asked):
    assert report_of(night, olga, asked).who is None or report_of(night, olga, asked).who.rows == []


def test_a_night_of_churn_is_told_by_what_was_done(alice, bob, olga):
    for owner in (alice, alice, bob):
        case = open_case(customer(owner=owner), by=owner, now=NOW)
        defer(case, "A visit", NOW.date() + timedelta(days=3), by=owner, now=NOW)
    batch = watch(now=NOW + timedelta(days=4)).batch
    groups = report_of(batch, olga, {}).groups
    assert [(group.label, [row[:2] for row in group.people]) for group in groups] == [
        ("Open again after a deferral", [("Alice", 2), ("Bob", 1)])
    ]


def test_a_night_of_grades_is_told_by_transition_and_owner(alice, olga, signed_in):
    Customer.objects.filter(pk=customer(owner=alice).pk).update(grade="B", state="buying")
    run_job("customers.derive", now=NOW)
    batch = Batch.objects.get(verb="customers.derive")
    told = {group.label: group.total for group in report_of(batch, olga, {}).groups}
    assert told == {"Grade: B → D": 1, "State: buying → prospect": 1}
    assert "Grade: B → D" in signed_in(olga).get(reverse("records:batch", args=[batch.pk])).text
