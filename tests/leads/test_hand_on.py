"""A lead that nobody contacted in time goes round: never back, and after everybody to the supervisor's queue."""

import datetime

from leads.assign import assign_leads
from leads.hand_on import had_before
from messaging.models import Notice
from records.dictionary import entry_by_code
from records.models import Event
from records.undo import undo_batch
from tests.leads import makers

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)


def at(minutes):
    return NOW + datetime.timedelta(minutes=minutes)


def owners(lead, times):
    """Who owns the lead after a run at each of the moments."""
    found = []
    for minutes in times:
        assign_leads(now=at(minutes))
        lead.refresh_from_db()
        found.append(lead.owner and lead.owner.username)
    return found


def test_it_never_goes_back_to_somebody_who_had_it(alice, bob, charlie):
    makers.rule(alice, bob, charlie, contact_within=30)
    lead = makers.lead()
    assert owners(lead, [0, 31, 62, 93, 124]) == ["alice", "bob", "charlie", None, None]


def test_after_everybody_it_waits_for_the_supervisor_with_the_reason_and_she_is_told(alice, bob, tess):
    rule = makers.rule(alice, bob, contact_within=30)
    lead = makers.lead()
    owners(lead, [0, 31])
    outcome = assign_leads(now=at(62))
    lead.refresh_from_db()
    assert (lead.state, lead.waits_because, lead.rule, lead.team) == ("new", "all_had", rule, bob.team)
    assert lead.first_contact_due_at is lead.next_contact_at is lead.assigned_at is None
    event = Event.objects.get(verb="to_queue")
    assert event.facts == {"from": bob.pk, "to": None, "rule": rule.pk, "because": "all_had", "tried": 2}
    assert outcome.lines == ["All leads: 1 back to the queue: everybody had it and nobody contacted it in time"]
    assert list(Notice.objects.filter(kind="leads_all_had").values_list("user__username", "count")) == [("tess", 1)]


def test_the_rules_leave_it_alone_until_somebody_sends_it_round_again(alice, bob, tess):
    makers.rule(alice, bob, contact_within=30)
    lead = makers.lead()
    owners(lead, [0, 31, 62])
    assert assign_leads(now=at(300)).moved == 0
    assert assign_leads(now=at(300), only=[lead.pk], by=tess).moved == 1
    lead.refresh_from_db()
    first = lead.owner
    assert owners(lead, [331]) == [{"alice": "bob", "bob": "alice"}[first.username]]


def test_somebody_who_is_away_is_waited_for(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    bob.is_on_duty = False
    bob.save()
    lead = makers.lead()
    assert owners(lead, [0, 31]) == ["alice", "alice"]
    bob.is_on_duty = True
    bob.save()
    assert owners(lead, [32]) == ["bob"]


def test_the_only_person_of_a_rule_loses_it_to_the_queue(alice):
    makers.rule(alice, contact_within=30)
    assert owners(makers.lead(), [0, 31]) == ["alice", None]


def test_a_fallback_gets_it_once_before_the_queue(alice, tess):
    makers.rule(alice, contact_within=30, fallback=tess)
    assert owners(makers.lead(), [0, 31, 62]) == ["alice", "tess", None]


def test_reopened_it_starts_a_new_round(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    lead = makers.lead()
    owners(lead, [0, 31])
    lead.lose(entry_by_code("lead_lost_reason", "spam"), by=bob)
    lead.reopen(by=bob)
    assert had_before([lead.pk]) == {}


def test_undo_gives_it_back_to_the_last_who_had_it(alice, bob):
    makers.rule(alice, bob, contact_within=30)
    lead = makers.lead()
    owners(lead, [0, 31])
    batch = assign_leads(now=at(62)).batch
    result = undo_batch(batch, by=None)
    lead.refresh_from_db()
    assert (result.restored, lead.owner, lead.state, lead.waits_because) == (1, bob, "assigned", "")


def test_a_dry_run_says_what_goes_back_and_writes_nothing(alice):
    makers.rule(alice, contact_within=30)
    lead = makers.lead()
    owners(lead, [0])
    dry = assign_leads(now=at(31), dry_run=True)
    lead.refresh_from_db()
    assert lead.owner == alice and not Event.objects.filter(verb="to_queue").exists()
    assert (dry.lines, dry.moved) == (assign_leads(now=at(31)).lines, 1)


def test_many_late_leads_need_few_statements(alice, bob, django_assert_max_num_queries):
    makers.rule(alice, bob, contact_within=30)
    for number in range(60):
        makers.lead(f"Lead {number}")
    assign_leads(now=NOW)
    with django_assert_max_num_queries(40):
        assign_leads(now=at(31))
    assert Event.objects.filter(verb="assign", facts__because="not_contacted").count() == 60
