"""Rules give waiting leads to people: who takes part, who is next, what waits and why."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from accounts import duty
from accounts.models import Company
from leads.assign import assign_leads
from leads.models import Lead, RuleMember
from leads.rules import set_members
from records.dictionary import entry_by_code
from records.models import Batch, Event
from records.undo import undo_batch
from tests.leads import makers

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)  # a Monday


def waiting(number, **fields):
    return [makers.lead(f"Lead {n}", **fields) for n in range(number)]


def shares():
    return Counter(Lead.objects.exclude(owner=None).values_list("owner__username", flat=True))


def assign(**how):
    return assign_leads(now=how.pop("now", NOW), **how)


# --- the ring ---


def test_round_robin_gives_in_turn_and_goes_on_where_it_stopped(alice, bob, charlie):
    makers.rule(alice, bob, charlie)
    waiting(4)
    assign()
    waiting(3)
    assign()
    assert shares() == {"alice": 3, "bob": 2, "charlie": 2}


def test_a_lead_gets_team_state_rule_and_an_event_with_the_reason(alice, bob):
    rule = makers.rule(alice, bob, contact_within=60)
    lead = waiting(1)[0]
    outcome = assign()
    lead.refresh_from_db()
    assert (lead.owner, lead.team, lead.state, lead.rule) == (alice, alice.team, "assigned", rule)
    assert lead.first_contact_due_at == lead.next_contact_at == NOW + datetime.timedelta(hours=1)
    event = Event.objects.get(verb="assign")
    assert event.by is None and event.batch == outcome.batch
    assert event.facts == {
        "from": None, "to": alice.pk, "rule": rule.pk, "way": "round_robin", "because": "rule", "candidates": 2,
        "how": "next", "due": int(lead.first_contact_due_at.timestamp()),
    }  # fmt: skip


def test_a_weight_of_three_gets_three_times_as_many(alice, bob):
    makers.rule(alice, bob, strategy="weighted")
    RuleMember.objects.filter(user=alice).update(weight=3)
    waiting(40)
    assign()
    assert shares() == {"alice": 30, "bob": 10}


def test_the_least_loaded_fills_up_first(alice, bob):
    for n in range(6):
        makers.lead(f"Old {n}", owner=alice)
    makers.rule(alice, bob, strategy="least_loaded")
    waiting(4)
    assign()
    assert shares() == {"alice": 6, "bob": 4}


def test_nobody_is_flooded_after_a_holiday(alice, bob):
    makers.rule(alice, bob)
    bob.is_on_duty = False
    bob.save()
    waiting(10)
    assign()
    bob.is_on_duty = True
    bob.save()
    waiting(4)
    assign()
    assert shares() == {"alice": 12, "bob": 2}


# --- who takes part ---


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_on_duty": False}])
def test_people_who_left_or_are_off_duty_never_receive(alice, bob, change):
    makers.rule(alice, bob)
    for name, value in change.items():
        setattr(bob, name, value)
    bob.save()
    waiting(5)
    assign()
    assert shares() == {"alice": 5}


def test_who_may_not_work_leads_never_receives(alice, finn, nobody):
    makers.rule(alice, finn, nobody)
    waiting(3)
    assign()
    assert shares() == {"alice": 3}


def test_a_member_who_is_switched_off_does_not_take_part(alice, bob):
    makers.rule(alice, bob)
    RuleMember.objects.filter(user=bob).update(is_active=False)
    waiting(2)
    assign()
    assert shares() == {"alice": 2}


def test_the_holding_cap_counts_every_open_lead_and_is_exact(alice, bob):
    makers.lead("Old", owner=alice)
    rule = makers.rule(alice, bob)
    rule.members.update(holding_cap=3)
    waiting(10)
    assign()
    assert shares() == {"alice": 3, "bob": 3}
    assert set(Lead.objects.waiting().values_list("waits_because", "rule")) == {("holding_cap", rule.pk)}


def test_the_daily_cap_starts_anew_with_the_companys_day(alice):
    Company(time_zone="Asia/Shanghai").save()
    makers.rule(alice).members.update(daily_cap=2)
    waiting(5)
    assign()
    assert shares() == {"alice": 2}
    assign(now=NOW + datetime.timedelta(hours=5))  # 23:00 in Shanghai
    assert shares() == {"alice": 2}
    assign(now=NOW + datetime.timedelta(hours=6, minutes=1))
    assert shares() == {"alice": 4}


def test_outside_working_hours_leads_wait_until_morning(alice):
    Company(time_zone="Europe/Berlin", country="DE").save()
    makers.rule(alice, in_working_hours=True)
    lead = waiting(1)[0]
    assign(now=datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC))  # a Sunday
    lead.refresh_from_db()
    assert (lead.owner, lead.waits_because) == (None, "hours")
    assign(now=datetime.datetime(2026, 11, 23, 7, 59, tzinfo=datetime.UTC))
    assert shares() == {}
    assign(now=datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC))
    assert shares() == {"alice": 1}


def test_working_hours_are_those_of_the_person(alice, bob):
    bob.time_zone = "America/New_York"
    bob.save()
    makers.rule(alice, bob, in_working_hours=True)
    waiting(2)
    assign(now=NOW + datetime.timedelta(hours=11))  # 21:00 in UTC, 16:00 in New York
    assert shares() == {"bob": 2}


def test_when_nobody_fits_the_fallback_gets_it_with_the_reason(alice, tess):
    makers.rule(alice, fallback=tess).members.update(daily_cap=1)
    waiting(3)
    assign()
    assert shares() == {"alice": 1, "tess": 2}
    assert Event.objects.filter(verb="assign", facts__because="fallback").count() == 2


def test_a_fallback_who_is_away_does_not_receive(alice, tess):
    alice.is_on_duty = tess.is_on_duty = False
    alice.save()
    tess.save()
    makers.rule(alice, fallback=tess)
    lead = waiting(1)[0]
    outcome = assign()
    lead.refresh_from_db()
    assert (lead.owner, lead.waits_because) == (None, "off_duty")
    assert outcome.lines == ["All leads: 1 waits: nobody is on duty"]


# --- which leads ---


def test_the_first_rule_that_is_for_a_lead_decides_even_when_it_has_nobody(alice, bob):
    web = entry_by_code("lead_source", "web")
    makers.rule(alice, name="Web", order=1, sources=[web.pk])
    makers.rule(bob, name="Rest", order=2)
    alice.is_on_duty = False
    alice.save()
    from_web, other = makers.lead("A", source=web), makers.lead("B")
    assign()
    from_web.refresh_from_db()
    other.refresh_from_db()
    assert (from_web.owner, from_web.waits_because) == (None, "off_duty")
    assert other.owner == bob


@pytest.mark.parametrize(
    ("condition", "fits", "misses"),
    [
        ({"languages": ["ru"]}, {"language": "ru"}, {"language": "en"}),
        ({"countries": ["DE", "AT"]}, {"country": "AT"}, {"country": "CN"}),
        ({"min_value": 100}, {"estimated_value": 100, "currency": "EUR"}, {"estimated_value": 99, "currency": "EUR"}),
        ({"min_value": 100}, {"estimated_value": 100, "currency": "EUR"}, {"estimated_value": 999, "currency": "CNY"}),
        ({"min_value": 100}, {"estimated_value": 100, "currency": "EUR"}, {}),
        ({"min_score": 10}, {"score": 10}, {"score": 9}),
        ({"campaigns": ["Spring fair", "Autumn"]}, {"campaign": "SPRING FAIR"}, {"campaign": "Spring"}),
        ({"campaigns": ["Spring fair"]}, {"campaign": "Spring fair"}, {}),
    ],
)
def test_a_condition_lets_through_what_meets_it_and_nothing_else(alice, bob, condition, fits, misses):
    makers.rule(alice, name="Special", order=1, **condition)
    makers.rule(bob, name="Rest", order=2)
    yes, no = makers.lead("Yes", **fits), makers.lead("No", **misses)
    assign()
    yes.refresh_from_db()
    no.refresh_from_db()
    assert (yes.owner, no.owner) == (alice, bob)


def test_a_rule_of_a_team_sees_only_the_queue_of_that_team(alice, north):
    makers.rule(alice, team=north)
    ours, others = makers.lead("Ours", team=north), makers.lead("Others")
    assign()
    ours.refresh_from_db()
    others.refresh_from_db()
    assert (ours.owner, others.owner, others.waits_because) == (alice, None, "no_rule")


def test_a_rule_that_is_switched_off_does_nothing(alice):
    rule = makers.rule(alice)
    rule.is_active = False
    rule.save()
    waiting(1)
    assert assign().moved == 0


def test_leads_in_the_trash_are_not_given_away(alice):
    makers.rule(alice)
    waiting(1)[0].trash(by=None)
    assert assign().moved == 0


# --- not contacted in time ---


def test_a_lead_that_was_not_contacted_in_time_goes_to_the_next_person(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    lead = waiting(1)[0]
    assign()
    later = NOW + datetime.timedelta(minutes=31)
    outcome = assign(now=later)
    lead.refresh_from_db()
    assert (lead.owner, lead.assigned_at, outcome.moved) == (bob, later, 1)
    assert lead.first_contact_due_at == later + datetime.timedelta(minutes=30)
    facts = Event.objects.filter(verb="assign").latest("id").facts
    assert (facts["from"], facts["to"], facts["because"]) == (alice.pk, bob.pk, "not_contacted")
    assert "because it was not contacted in time" in outcome.lines[0]


def test_a_contacted_lead_stays(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    lead = waiting(1)[0]
    assign()
    lead.refresh_from_db()
    lead.contact(by=alice)
    assert assign(now=NOW + datetime.timedelta(hours=2)).moved == 0


def test_the_limit_runs_in_working_time_where_the_rule_keeps_working_hours(alice):
    makers.rule(alice, contact_within=120, in_working_hours=True)
    lead = waiting(1)[0]
    assign(now=datetime.datetime(2026, 11, 27, 17, 0, tzinfo=datetime.UTC))  # Friday, an hour before closing
    lead.refresh_from_db()
    assert lead.first_contact_due_at == datetime.datetime(2026, 11, 30, 10, 0, tzinfo=datetime.UTC)


# --- runs ---


def test_a_second_run_does_nothing(alice):
    makers.rule(alice).members.update(daily_cap=2)
    waiting(3)
    assert assign().moved == 2
    before = (list(Lead.objects.values().order_by("id")), Event.objects.count(), Batch.objects.count())
    outcome = assign()
    assert (outcome.moved, outcome.batch) == (0, None)
    assert (list(Lead.objects.values().order_by("id")), Event.objects.count(), Batch.objects.count()) == before


def test_a_dry_run_says_what_the_run_then_does_and_writes_nothing(alice, bob):
    makers.rule(alice, bob).members.update(daily_cap=2)
    waiting(5)
    before = list(Lead.objects.values().order_by("id"))
    dry = assign(dry_run=True)
    assert list(Lead.objects.values().order_by("id")) == before
    assert not Event.objects.exists() and not Batch.objects.exists()
    wet = assign()
    assert (dry.moved, dry.lines) == (wet.moved, wet.lines)
    everybody = "everybody has got as many leads as allowed today"
    assert wet.lines == [f"All leads: 4 leads to Alice 2, Bob 2; 1 waits: {everybody}"]


def test_a_dry_run_speaks_of_every_rule(alice):
    makers.rule(alice, name="Idle")
    assert assign(dry_run=True).lines == ["Idle: nothing to do"]


def test_only_gives_the_leads_that_were_asked_for(alice):
    makers.rule(alice)
    first, second = waiting(2)
    outcome = assign(only=[first.pk])
    second.refresh_from_db()
    assert (outcome.moved, outcome.batch, second.owner) == (1, None, None)


def test_portions_give_the_same_as_one_go(alice, bob, charlie, monkeypatch):
    monkeypatch.setattr("leads.assign.PORTION", 3)
    makers.rule(alice, bob, charlie)
    waiting(10)
    assert assign(dry_run=True).moved == 10
    assert assign().moved == 10
    assert shares() == {"alice": 4, "bob": 3, "charlie": 3}
    assert Batch.objects.get().events.count() == 10


# --- undo ---


def test_undo_gives_back_what_nobody_touched_since_and_lists_the_rest(alice, bob):
    makers.rule(alice, bob)
    leads = waiting(4)
    batch = assign().batch
    touched = Lead.objects.get(pk=leads[0].pk)
    touched.contact(by=alice)
    result = undo_batch(batch, by=None)
    assert result.restored == 3
    assert [(row["kind"], row["id"], row["by"]) for row in result.left] == [("lead", touched.pk, "Alice")]
    assert Lead.objects.waiting().count() == 3


def test_what_was_undone_is_not_given_away_again_by_itself(alice):
    makers.rule(alice)
    lead = waiting(1)[0]
    undo_batch(assign().batch, by=None)
    assert assign().moved == 0
    assert assign(only=[lead.pk]).moved == 1


def test_a_lead_that_was_handed_on_goes_back_to_who_had_it(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    lead = waiting(1)[0]
    assign()
    batch = assign(now=NOW + datetime.timedelta(hours=1)).batch
    undo_batch(batch, by=None)
    lead.refresh_from_db()
    assert (lead.owner, lead.team, lead.state, lead.first_contact_due_at) == (alice, alice.team, "assigned", None)


def test_a_dry_undo_writes_nothing(alice):
    makers.rule(alice)
    waiting(2)
    batch = assign().batch
    assert undo_batch(batch, by=None, dry_run=True).restored == 2
    assert Lead.objects.waiting().count() == 0


def test_an_assignment_over_many_rules_needs_few_statements(alice, bob, django_assert_max_num_queries):
    makers.rule(alice, bob)
    waiting(300)
    with django_assert_max_num_queries(40):
        assign()


def test_now_is_an_argument_and_the_log_keeps_real_time(alice):
    makers.rule(alice)
    lead = waiting(1)[0]
    assign(now=NOW + datetime.timedelta(days=365))
    lead.refresh_from_db()
    assert lead.assigned_at == NOW + datetime.timedelta(days=365)
    assert abs(Event.objects.get(verb="assign").at - timezone.now()) < datetime.timedelta(minutes=1)


def test_a_person_of_another_team_brings_her_team(alice, charlie):
    makers.rule(charlie)
    lead = waiting(1, team=alice.team)[0]
    assign()
    lead.refresh_from_db()
    assert lead.team == charlie.team


def test_a_new_member_starts_at_the_rings_highest(alice, bob):
    rule = makers.rule(alice)
    waiting(5)
    assign()
    set_members(rule, [{"user": alice}, {"user": bob}], by=None)
    waiting(4)
    assign()
    assert shares() == {"alice": 7, "bob": 2}


# --- absences ---


def test_who_is_absent_or_at_lunch_never_receives(alice, bob, charlie):
    makers.rule(alice, bob, charlie)
    duty.go_off_duty(bob, by=bob, now=NOW, until=NOW + datetime.timedelta(hours=1))
    duty.plan_absence(charlie, NOW.date(), NOW.date(), by=charlie, today=NOW.date())
    waiting(6)
    assign()
    assert shares() == {"alice": 6}
    assert Event.objects.filter(verb="assign").first().facts["absent"] == {"away": 1, "off_duty": 1}
    waiting(2)
    assign(now=NOW + datetime.timedelta(hours=1))
    assert shares()["bob"] == 1


def test_a_fallback_at_lunch_does_not_receive(alice, tess):
    makers.rule(fallback=tess)
    duty.go_off_duty(tess, by=tess, now=NOW, until=NOW + datetime.timedelta(hours=1))
    waiting(1)
    assert assign().moved == 0
    assert assign(now=NOW + datetime.timedelta(hours=1)).moved == 1


@pytest.mark.parametrize(("utc_hour", "works"), [(6, False), (7, True), (15, True), (16, False)])
def test_working_hours_follow_the_clock_when_it_changes(alice, utc_hour, works):
    """In summer nine o'clock in Berlin is seven in UTC; in winter it is eight."""
    Company(time_zone="Europe/Berlin", country="DE").save()
    makers.rule(alice, in_working_hours=True)
    waiting(1)
    assign(now=datetime.datetime(2027, 3, 30, utc_hour, 0, tzinfo=datetime.UTC))
    assert (shares() == {"alice": 1}) == works


def test_a_limit_over_the_change_of_the_clock_counts_working_time(alice):
    """Friday 17:00 in Berlin in winter, with two hours: Monday 10:00 in summer, an hour earlier in UTC."""
    Company(time_zone="Europe/Berlin", country="DE", has_public_holidays=False).save()
    makers.rule(alice, contact_within=120, in_working_hours=True)
    lead = waiting(1)[0]
    assign(now=datetime.datetime(2026, 3, 27, 16, 0, tzinfo=datetime.UTC))
    lead.refresh_from_db()
    assert lead.first_contact_due_at == datetime.datetime(2026, 3, 30, 8, 0, tzinfo=datetime.UTC)


def test_on_a_public_holiday_nobody_receives(alice):
    Company(time_zone="Europe/Berlin", country="DE").save()
    makers.rule(alice, in_working_hours=True)
    lead = waiting(1)[0]
    assign(now=datetime.datetime(2026, 12, 25, 10, 0, tzinfo=datetime.UTC))
    lead.refresh_from_db()
    assert (lead.owner, lead.waits_because) == (None, "hours")
