"""How fairly rules gave: each figure is the number of rows of the list behind it."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from leads.assign import assign_leads
from leads.fairness import FIGURES, fairness
from leads.models import AssignmentRule, RuleMember
from tests.leads import makers


def period():
    today = timezone.now().date()
    return {"first": today - datetime.timedelta(days=3), "last": today + datetime.timedelta(days=1)}


def figures(user):
    return {
        (told.rule.name, row.name): row.figures for told in fairness(user, **period()) for row in told.people
    }  # fmt: skip


def shown(client, url):
    """How many leads the list behind a figure shows."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return len(set(re.findall(r"/leads/(\d+)/", answer.text)))


@pytest.fixture
def week(alice, bob, charlie):
    """Six leads in turn to alice and bob; what became of them differs."""
    makers.rule(alice, bob, name="Ring", contact_within=60)
    now = timezone.now()
    leads = [makers.lead(f"Lead {n}") for n in range(6)]
    assign_leads(now=now)
    for lead in leads:
        lead.refresh_from_db()
    leads[0].contact(by=alice)  # in time
    leads[1].qualify(by=bob)
    leads[2].contact(by=alice, at=now + datetime.timedelta(hours=2))  # too late
    leads[3].assign(charlie, by=None)
    assign_leads(now=now + datetime.timedelta(minutes=61))  # the fifth goes to bob, the sixth to alice
    return leads


def test_the_figures_say_what_became_of_what_each_received(olga, week):
    assert figures(olga) == {
        ("Ring", "Alice"): {
            "received": 4, "in_time": 1, "handed_on": 1, "qualified": 0, "converted": 0, "is_open": 3,
        },
        ("Ring", "Bob"): {
            "received": 4, "in_time": 0, "handed_on": 1, "qualified": 1, "converted": 0, "is_open": 2,
        },
    }  # fmt: skip


def test_each_figure_opens_a_list_with_exactly_as_many_rows(signed_in, olga, week):
    client, seen = signed_in(olga), 0
    for told in fairness(olga, **period()):
        for row in told.people:
            for figure in FIGURES:
                assert (row.name, figure, shown(client, row.urls[figure])) == (row.name, figure, row.figures[figure])
                seen += row.figures[figure]
    assert seen > 10


def test_a_supervisor_counts_and_opens_what_she_reaches(signed_in, tess, week, olga, alice, charlie):
    AssignmentRule.objects.update(team=tess.team)
    found = figures(tess)
    assert found["Ring", "Bob"]["received"] == 3  # one is charlie's now
    (told,) = fairness(tess, **period())
    for row in told.people:
        assert shown(signed_in(tess), row.urls["received"]) == row.figures["received"]


def test_rules_of_others_are_not_shown(tess, week):
    assert fairness(tess, **period()) == []


def test_shares_are_compared_with_the_weights(olga, alice, bob):
    makers.rule(alice, bob, strategy="weighted").members.filter(user=alice).update(weight=3)
    for number in range(8):
        makers.lead(f"Lead {number}")
    assign_leads(now=timezone.now())
    (told,) = fairness(olga, **period())
    shares = {row.name: (row.figures["received"], row.share, row.expected) for row in told.people}
    assert shares == {"Alice": (6, 0.75, 0.75), "Bob": (2, 0.25, 0.25)}
    assert (told.total, told.spread) == (8, 0)


def test_a_way_that_promises_no_share_expects_none(olga, alice, bob):
    makers.rule(alice, bob, strategy="least_loaded")
    (told,) = fairness(olga, **period())
    assert [row.expected for row in told.people] == [None, None]


def test_who_does_not_take_part_any_more_is_still_counted(olga, week, bob):
    RuleMember.objects.filter(user=bob).delete()
    (told,) = fairness(olga, **period())
    assert [(row.name, row.is_member) for row in told.people] == [("Alice", True), ("Bob", False)]
    assert told.spread is None


def test_what_is_in_the_trash_or_out_of_the_period_is_not_counted(olga, week):
    week[0].trash(by=None)
    assert figures(olga)["Ring", "Alice"]["received"] == 3
    long_ago = datetime.date(2020, 1, 1)
    assert [row.figures["received"] for row in fairness(olga, first=long_ago, last=long_ago)[0].people] == [0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "-", "1", "1.2.3", "x.1.2026-01-01.2026-01-02.received", "1.1.2026-01-01.2026-01-02.x",
        "9999999999999999999999.1.2026-01-01.2026-01-02.received", "1.1.0001-01-01.9999-12-31.received",
        "1.1.2026-01-01.2026-13-02.received",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_nothing(signed_in, olga, alice, text):
    makers.lead("Li Wei", owner=alice)
    answer = signed_in(olga).get(reverse("leads:list"), {"given": text})
    assert answer.status_code == 200 and "Li Wei" not in answer.text


def test_more_people_and_leads_need_no_more_statements(olga, alice, bob, charlie, count_queries):
    makers.rule(alice)
    fairness(olga, **period())
    few = count_queries(lambda: fairness(olga, **period()))
    makers.rule(alice, bob, charlie, name="More")
    for number in range(9):
        makers.lead(f"Lead {number}")
    assign_leads(now=timezone.now())
    assert count_queries(lambda: fairness(olga, **period())) == few


def test_the_page_shows_each_rule(signed_in, tess, alice, bob):
    makers.rule(alice, bob, name="Ours", team=tess.team)
    text = signed_in(tess).get(reverse("leads:rules_fairness")).text
    assert "Ours" in text and "Alice" in text and "50" in text
