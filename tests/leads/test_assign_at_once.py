"""Several workers assign at the same time: nobody is given twice, shares stay even, caps stay exact."""

import datetime
from collections import Counter

import pytest

from leads.assign import assign_leads
from leads.create import create_lead
from leads.models import Lead, RuleMember
from leads.states import LeadState
from records.models import Event
from tests.leads import makers
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)


def fill_queue(number):
    Lead.objects.bulk_create([Lead(name=f"Lead {n}", sort_key=f"lead {n:05}") for n in range(number)])


def shares():
    return Counter(Lead.objects.exclude(owner=None).values_list("owner__username", flat=True))


def assign(_worker):
    return assign_leads(now=NOW).moved


def test_round_robin_under_four_workers_stays_within_one_of_even(alice, bob, charlie, monkeypatch):
    monkeypatch.setattr("leads.assign.PORTION", 100)
    makers.rule(alice, bob, charlie)
    fill_queue(2_000)
    moved = at_once(assign, range(4))
    assert sum(moved) == 2_000
    assert max(shares().values()) - min(shares().values()) <= 1
    assert sum(shares().values()) == 2_000
    given = Counter(Event.objects.filter(verb="assign").values_list("subject_id", flat=True))
    assert len(given) == 2_000 and set(given.values()) == {1}
    counted = dict(RuleMember.objects.values_list("user__username", "given"))
    assert counted == shares()


def test_caps_are_exact_under_four_workers_and_two_rules_with_the_same_people(alice, bob, monkeypatch):
    monkeypatch.setattr("leads.assign.PORTION", 10)
    for name, countries in (("German", ["DE"]), ("Rest", [])):
        makers.rule(alice, bob, name=name, countries=countries).members.update(holding_cap=37)
    Lead.objects.bulk_create([Lead(name=f"Lead {n}", country="DE" if n % 2 else "") for n in range(300)])
    at_once(assign, range(4))
    assert shares() == {"alice": 37, "bob": 37}


def test_a_lead_by_hand_and_the_job_at_once_give_each_lead_once(alice, bob, tess):
    makers.rule(alice, bob)
    fill_queue(50)
    ids = list(Lead.objects.values_list("pk", flat=True))

    def work(pk):
        if pk is None:
            return assign_leads(now=NOW).moved
        return assign_leads(now=NOW, only=[pk]).moved

    moved = at_once(work, [None, *ids[:5]])
    assert sum(moved) == 50
    assert Event.objects.filter(verb="assign").count() == 50


def test_a_new_lead_is_assigned_by_the_worker_after_its_commit(alice, worker):
    makers.rule(alice)
    worker.start()
    lead = create_lead({"name": "Li Wei"}, by=alice)
    from tests.jobs.worker import wait_for

    wait_for(lambda: Lead.objects.get(pk=lead.pk).state == LeadState.ASSIGNED, what="the assignment", log=worker.log)
    lead.refresh_from_db()
    assert lead.owner == alice
