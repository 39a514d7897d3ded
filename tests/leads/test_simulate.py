"""Where leads of the past would have gone: by the rules as they stand, or by one that is still in the form."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from leads.assign import assign_leads
from leads.models import AssignmentRule, Lead, RuleMember
from leads.simulate import simulate
from records.models import Event
from tests.leads import makers

DAY = datetime.timedelta(days=1)


def came_in(number, *, days_ago=1, **fields):
    return [makers.lead(f"Lead {n}", created_at=timezone.now() - days_ago * DAY, **fields) for n in range(number)]


def past(user, **how):
    today = timezone.now().date()
    return simulate(user, first=today - 30 * DAY, last=today, now=timezone.now(), **how)


def told(simulation):
    return {outcome.rule.name: dict(outcome.people) for outcome in simulation.outcomes}


def test_leads_of_the_past_would_have_gone_by_the_first_rule_that_is_for_them(olga, alice, bob, charlie):
    makers.rule(alice, bob, name="German", order=1, countries=["DE"])
    makers.rule(charlie, name="Score", order=2, min_score=50)
    came_in(4, country="DE", owner=charlie)
    came_in(1, score=50)
    came_in(2)
    came_in(3, days_ago=40)
    found = past(olga)
    assert (found.number, found.no_rule) == (7, 2)
    assert told(found) == {"German": {"Alice": 2, "Bob": 2}, "Score": {"Charlie": 1}}


def test_nothing_is_written(olga, alice):
    rule = makers.rule(alice, strategy="least_loaded")
    came_in(3)
    before = list(Lead.objects.values().order_by("pk")), list(RuleMember.objects.values().order_by("pk"))
    assert told(past(olga)) == {"All leads": {"Alice": 3}}
    assert (list(Lead.objects.values().order_by("pk")), list(RuleMember.objects.values().order_by("pk"))) == before
    assert not Event.objects.exists() and rule.members.get().given == 0


def test_of_the_same_queue_it_says_what_a_run_then_does(olga, alice, bob, charlie):
    makers.rule(alice, bob, charlie, strategy="weighted").members.filter(user=bob).update(weight=3)
    came_in(23)
    (expected,) = told(past(olga)).values()
    assign_leads(now=timezone.now())
    assert dict(RuleMember.objects.values_list("user__name", "given")) == expected


def test_the_cap_of_a_day_starts_anew_with_each_day(olga, alice, tess):
    rule = makers.rule(alice)
    rule.members.update(daily_cap=2)
    came_in(5, days_ago=3)
    came_in(1, days_ago=2)
    (outcome,) = past(olga).outcomes
    assert (dict(outcome.people), outcome.nobody) == ({"Alice": 3}, 3)
    rule.fallback = tess
    rule.save()
    (outcome,) = past(olga).outcomes
    assert (dict(outcome.people), outcome.nobody) == ({"Alice": 3, "Tess": 3}, 0)


def test_who_is_off_duty_today_took_part_then_and_who_left_did_not(olga, alice, bob, charlie):
    makers.rule(alice, bob, charlie)
    bob.is_on_duty = False
    bob.save()
    charlie.is_active = False
    charlie.save()
    came_in(4)
    assert told(past(olga)) == {"All leads": {"Alice": 2, "Bob": 2}}


def test_a_supervisor_sees_her_rules_and_her_leads_only(tess, alice, charlie):
    makers.rule(charlie, name="Company", order=1, countries=["FR"])
    makers.rule(alice, name="Ours", order=2, team=tess.team)
    came_in(2, owner=alice)
    came_in(1, owner=alice, country="FR")
    came_in(4, owner=charlie)
    found = past(tess)
    assert (found.number, found.elsewhere) == (3, 1)
    assert told(found) == {"Ours": {"Alice": 2}}


def test_more_than_fit_are_cut_and_said(olga, alice, monkeypatch):
    monkeypatch.setattr("leads.simulate.MOST", 3)
    makers.rule(alice)
    came_in(5)
    found = past(olga)
    assert (found.number, found.is_cut, told(found)) == (3, True, {"All leads": {"Alice": 3}})


def test_ten_times_as_many_leads_need_no_more_statements(olga, alice, bob, count_queries):
    makers.rule(alice, bob, strategy="sticky", second_strategy="best_converter")
    came_in(3)
    past(olga)
    few = count_queries(lambda: past(olga))
    came_in(30)
    assert count_queries(lambda: past(olga)) == few


def values(rule, people, **changed):
    data = {
        "name": "Ours", "team": rule.team_id or "", "strategy": "round_robin", "version": rule.version, "try": "1",
        "members-TOTAL_FORMS": len(people), "members-INITIAL_FORMS": 0,
    }  # fmt: skip
    for place, (person, weight) in enumerate(people):
        data |= {f"members-{place}-user": person.pk, f"members-{place}-weight": weight}
        data[f"members-{place}-is_active"] = "on"
    return {**data, **changed}


def test_an_edited_rule_is_tried_without_being_saved(signed_in, olga, alice, bob):
    rule = makers.rule(alice, name="Ours")
    came_in(8)
    sent = values(rule, [(alice, 1), (bob, 3)], strategy="weighted", name="Edited")
    answer = signed_in(olga).post(reverse("leads:rule", args=[rule.pk]), sent)
    assert answer.status_code == 200
    (outcome,) = answer.context["simulation"].outcomes
    assert dict(outcome.people) == {"Bob": 6, "Alice": 2}
    assert 'value="Edited"' in answer.text and "Tried, not saved" in answer.text
    rule.refresh_from_db()
    assert (rule.name, rule.strategy, rule.members.count()) == ("Ours", "round_robin", 1)


def test_a_new_rule_is_tried_after_all_others(signed_in, olga, alice, bob):
    first = makers.rule(alice, name="German", countries=["DE"])
    came_in(2, country="DE")
    came_in(3)
    answer = signed_in(olga).post(reverse("leads:rule_create"), values(first, [(bob, 1)], name="New", version=""))
    assert told(answer.context["simulation"]) == {"German": {"Alice": 2}, "New": {"Bob": 3}}
    assert not AssignmentRule.objects.filter(name="New").exists()


def test_what_makes_no_sense_is_not_tried(signed_in, olga, alice):
    rule = makers.rule(alice)
    answer = signed_in(olga).post(reverse("leads:rule", args=[rule.pk]), values(rule, [(alice, 0)]))
    assert answer.status_code == 422 and "Tried, not saved" not in answer.text


@pytest.mark.parametrize(
    "query",
    ["?first=2026-02-01&last=2026-01-01", "?first=x&last=2026-01-01", "?first=2020-01-01&last=2026-01-01"],
)
def test_a_period_that_makes_no_sense_is_refused(signed_in, olga, query):
    for name in ("rules_simulation", "rules_fairness"):
        assert signed_in(olga).get(reverse(f"leads:{name}") + query).status_code == 422


def test_the_page_names_what_is_assumed(signed_in, tess, alice):
    makers.rule(alice, name="Ours", team=tess.team)
    came_in(1, owner=alice)
    text = signed_in(tess).get(reverse("leads:rules_simulation")).text
    assert "What is assumed" in text and "Ours" in text and "1 lead came in" in text
