"""The job ``leads.score``: once a day and after each change of a rule, resumed after a kill, explained before."""

import datetime
import time
from unittest import mock

import pytest
from django.db import transaction

from leads.models import Lead, ScoreLimits, ScoreRule
from leads.scoring import change, sweep
from leads.scoring.foresee import foresee, with_rule
from leads.scoring.score import Scoring
from records.dictionary import entry_by_code
from records.jobs import run_job
from tests.leads import makers
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture
def five(alice):
    """Five open leads, two of them with a company, and a lost one."""
    for number in range(5):
        makers.lead(f"L {number}", owner=alice, company="Acme" if number < 2 else "", created_at=NOW)
    spam = entry_by_code("lead_lost_reason", "spam")
    makers.lead("gone", owner=alice, company="Acme", state="lost", lost_at=NOW, lost_reason=spam)


def scores():
    return list(Lead.objects.order_by("pk").values_list("score", flat=True))


def test_a_sweep_scores_open_leads_and_a_second_one_does_nothing(five):
    makers.score_rule("company", 70)
    outcome = run_job(sweep.JOB, now=NOW)
    assert outcome.moved == 5 and scores() == [70, 70, 0, 0, 0, 0]
    assert outcome.lines == ["5 leads have another score", "now hot: 2", "now cold: 3"]
    again = run_job(sweep.JOB, now=NOW)
    assert (again.moved, again.lines) == (0, [])


def test_days_pass_by_themselves(five):
    makers.score_rule("quiet", 40, at_least=7)
    run_job(sweep.JOB, now=NOW)
    assert scores() == [0] * 6
    assert run_job(sweep.JOB, now=NOW + datetime.timedelta(days=7)).moved == 5
    assert scores() == [40] * 5 + [0]


def test_a_changed_rule_is_found_in_its_row(five, olga):
    rule = change.create_rule("company", {"name": "Company", "points": 20, "is_active": False}, by=olga)
    run_job(sweep.JOB, now=NOW)
    assert scores() == [0] * 6
    change.switch_rule(rule, True, by=olga)
    assert run_job(sweep.JOB, now=NOW).moved == 5
    change.edit_rule(ScoreRule.objects.get(), {"points": 35}, by=olga)
    assert run_job(sweep.JOB, now=NOW).moved == 2 and scores()[0] == 35
    change.change_limits({"hot_from": 32, "warm_from": 10}, by=olga)
    run_job(sweep.JOB, now=NOW)
    assert Lead.objects.filter(rating="hot").count() == 2
    change.delete_rule(ScoreRule.objects.get(), by=olga)
    run_job(sweep.JOB, now=NOW)
    assert set(Lead.objects.open().values_list("score", "rating")) == {(0, "")}


def test_a_sweep_killed_half_way_goes_on_where_it_was(five, monkeypatch):
    makers.score_rule("company", 20)
    makers.score_rule("quiet", 1, at_most=90)
    monkeypatch.setattr(sweep, "PORTION", 2)
    real, seen = sweep._portion, []

    def dies(swept, now):
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(1)
        return real(swept, now)

    with mock.patch.object(sweep, "_portion", dies), pytest.raises(KeyboardInterrupt):
        sweep.run(now=NOW, dry_run=False, force=False)
    assert scores() == [21, 21, 0, 0, 0, 0]
    assert sweep.run(now=NOW, dry_run=False, force=False).moved == 3
    assert scores() == [21, 21, 1, 1, 1, 0]
    assert ScoreLimits.get().swept_to is None


def test_a_rule_changed_in_the_middle_begins_the_sweep_anew(five, monkeypatch, olga):
    rule = makers.score_rule("quiet", 5, at_most=90)
    monkeypatch.setattr(sweep, "PORTION", 2)
    real, seen = sweep._portion, []

    def meddles(swept, now):
        if len(seen) == 1:
            change.edit_rule(rule, {"points": 9}, by=olga)
        seen.append(1)
        return real(swept, now)

    with mock.patch.object(sweep, "_portion", meddles):
        sweep.run(now=NOW, dry_run=False, force=False)
    assert scores() == [9] * 5 + [0]


def test_a_dry_run_says_what_each_rule_does_and_writes_nothing(five):
    makers.score_rule("company", 70, name="Company")
    outcome = run_job(sweep.JOB, now=NOW, dry_run=True)
    assert outcome.moved == 5 and scores() == [0] * 6
    assert outcome.lines == [
        "Company (+70): holds for 2 leads", "2 leads would become hot", "3 leads would become cold",
        "5 leads would have another score",
    ]  # fmt: skip


def test_a_preview_counts_a_rule_that_is_not_saved_and_only_the_newest(five):
    rule = ScoreRule(fact="company", points=70, name="Company")
    found = foresee(with_rule(Scoring.at(NOW), rule))
    assert dict(found.became) == {"hot": 2, "warm": 0, "cold": 3} and found.met == [(rule, 2)]
    newest = foresee(with_rule(Scoring.at(NOW), rule), newest=3)
    assert newest.is_sample and newest.looked_at == 3 and newest.met == [(rule, 0)]
    assert scores() == [0] * 6 and not ScoreRule.objects.exists()


def test_a_sweep_costs_the_same_statements_for_any_number_of_leads(five, alice, count_queries):
    makers.score_rule("company", 20)

    def sweeps():
        sweep.run(now=NOW, dry_run=False, force=True)

    sweeps()
    few = count_queries(sweeps)
    for number in range(20):
        makers.lead(f"M {number}", owner=alice)
    assert count_queries(sweeps) == few


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_what_somebody_wrote_while_it_looked(alice):
    """Its score follows from the row that was; the person who wrote meanwhile has scored the row that is."""
    makers.score_rule("company", 20)
    lead = makers.lead(owner=alice)
    Lead.objects.filter(pk=lead.pk).update(score=5)  # so that the sweep has something to write

    @transaction.atomic
    def writes():
        Lead.objects.get(pk=lead.pk).edit({"company": "Acme"}, by=alice)
        time.sleep(1.5)

    def sweeps():
        time.sleep(0.5)
        sweep.run(now=NOW, dry_run=False, force=True)

    at_once(lambda job: job(), [writes, sweeps])
    lead.refresh_from_db()
    assert (lead.score, ScoreLimits.get().swept_to) == (20, None)
