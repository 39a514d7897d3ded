"""Scores by rules: each fact, the range, the moments at which they change, and that the explanation is the score."""

import datetime
import random
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leads.contact_log import log_contact
from leads.create import create_lead
from leads.models import Lead, ScoreLimits
from leads.scoring.explain import explain
from leads.scoring.score import score_lead, score_leads
from records.dictionary import entry_by_code
from records.models import Event
from tests.customers import makers as customers
from tests.leads import makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC)


def scored(lead, now=NOW):
    score_lead(lead, now=now)
    return lead.score


def source(code):
    return entry_by_code("lead_source", code)


FITS = [
    ("country", {"codes": ["DE"]}, {"country": "DE"}, {"country": "FR"}),
    ("language", {"codes": ["ru", "zh"]}, {"language": "ru"}, {"language": "en"}),
    ("campaign", {"words": "fair, 展会"}, {"campaign": "Spring FAIR 2026"}, {"campaign": "mailing"}),
    ("campaign", {"words": "100%"}, {"campaign": "now 100% off"}, {"campaign": "1000 off"}),
    ("value", {"at_least": 100, "at_most": 500}, {"estimated_value": Decimal(500), "currency": "EUR"},
     {"estimated_value": Decimal(501), "currency": "EUR"}),
    ("value", {"at_least": 100}, {"estimated_value": Decimal(100), "currency": "EUR"},
     {"estimated_value": Decimal(900), "currency": "USD"}),
    ("phone", {}, {"mobile_key": "+4940123"}, {}),
    ("email", {}, {"email_key": "a@b.de"}, {}),
    ("company", {}, {"company": "Acme"}, {}),
    ("company_mail", {}, {"email_key": "a@acme.de"}, {"email_key": "a@gmail.com"}),
    ("company_mail", {}, {"email_key": "a@acme.de"}, {}),
    ("free_mail", {}, {"email_key": "a@qq.com"}, {"email_key": "a@acme.de"}),
    ("free_mail", {}, {"email_key": "a@qq.com"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "asked", "fits", "other"), FITS)
def test_a_fact_gives_its_points_where_it_holds_and_only_there(alice, fact, asked, fits, other):
    makers.score_rule(fact, 20, **asked)
    assert scored(makers.lead("A", owner=alice, **fits)) == 20
    assert scored(makers.lead("B", owner=alice, **other)) == 0


@pytest.mark.parametrize(("fact", "of"), [("source", "lead_source"), ("region", "region"), ("industry", "industry")])
def test_entries_of_a_list_are_facts(alice, fact, of):
    from tests.records.entries import entry

    one, other = entry(of, "one"), entry(of, "other")
    makers.score_rule(fact, 20, entries=[one.pk])
    assert scored(makers.lead("A", owner=alice, **{fact: one})) == 20
    assert scored(makers.lead("B", owner=alice, **{fact: other})) == scored(makers.lead("C", owner=alice)) == 0


def test_who_referred_it_and_a_known_customers_grade_are_facts(alice):
    known = customers.customer("Acme GmbH", owner=alice, grade="A")
    makers.score_rule("referred", 7)
    makers.score_rule("known_grade", 20, codes=["A", "B"])
    assert scored(makers.lead("A", owner=alice, referred_by=known)) == 7
    assert scored(makers.lead("B", owner=alice, company="ACME", company_key=known.company_key)) == 20
    assert scored(makers.lead("C", owner=alice)) == 0
    type(known).objects.filter(pk=known.pk).update(grade="D")
    assert scored(makers.lead("D", owner=alice, company_key=known.company_key)) == 0


def test_a_customer_is_known_by_its_phone(alice):
    known = customers.customer("Acme GmbH", owner=alice, grade="A")
    known.points.create(kind="phone", value="+49 40 123456", normalised="+4940123456")
    makers.score_rule("known_grade", 20, codes=["A"])
    assert scored(makers.lead("B", owner=alice, phone_key="+4940123456")) == 20
    assert scored(makers.lead("C", owner=alice, phone_key="+4940999")) == 0


def test_contacts_answers_and_silence_are_facts(alice):
    makers.score_rule("contacts", 10, at_least=2)
    makers.score_rule("answered", 30)
    lead = makers.lead(owner=alice)
    log_contact(lead, {"type": "call"}, by=alice)
    log_contact(lead, {"type": "note"}, by=alice)
    assert lead.score == 0
    log_contact(lead, {"type": "email"}, by=alice)
    assert lead.score == 10
    log_contact(lead, {"type": "call", "direction": "in"}, by=alice)
    lead.refresh_from_db()
    assert lead.score == 40


def test_days_without_contact_are_whole_days_of_the_companys_zone(alice, company_in_shanghai):
    """Contacted on 6 March at 23:30 in Shanghai: fourteen days are over with the first minute of the 20th there."""
    makers.score_rule("email", 50)
    makers.score_rule("quiet", -10, at_least=14)
    makers.score_rule("quiet", 5, at_most=13)
    late = datetime.datetime(2026, 3, 6, 15, 30, tzinfo=datetime.UTC)
    lead = makers.lead(owner=alice, email_key="a@b.de", last_contact_at=late)
    midnight = datetime.datetime(2026, 3, 19, 16, 0, tzinfo=datetime.UTC)
    assert scored(lead, midnight - datetime.timedelta(minutes=1)) == 55
    assert scored(lead, midnight) == 40


def test_a_lead_never_contacted_is_silent_since_its_entry(alice):
    makers.score_rule("quiet", 10, at_least=3)
    assert scored(makers.lead(owner=alice, created_at=NOW - datetime.timedelta(days=3))) == 10
    assert scored(makers.lead(owner=alice, created_at=NOW - datetime.timedelta(days=2))) == 0


def test_a_score_is_the_sum_within_its_range(alice):
    makers.score_rule("company", 70)
    assert scored(makers.lead(owner=alice, company="Acme")) == 70
    makers.score_rule("email", 60)
    assert scored(makers.lead(owner=alice, company="Acme", email_key="a@b.de")) == 100
    makers.score_rule("phone", -80)
    assert scored(makers.lead(owner=alice, phone_key="+49401")) == 0


def test_the_rating_follows_the_limits(alice):
    ScoreLimits(hot_from=60, warm_from=30).save()
    makers.score_rule("company", 30)
    makers.score_rule("email", 30)
    for fields, rating in (({}, "cold"), ({"company": "A"}, "warm"), ({"company": "A", "email_key": "a@b.de"}, "hot")):
        lead = makers.lead(owner=alice, **fields)
        score_lead(lead)
        lead.refresh_from_db()
        assert lead.rating == rating


def test_a_rating_by_hand_holds_until_its_date(alice):
    makers.score_rule("company", 70)
    lead = create_lead({"name": "A", "company": "Acme", "rating_by_hand": "cold"}, by=alice, owner=alice)
    today = timezone.now().date()
    assert (lead.rating, lead.rating_until) == ("cold", today + datetime.timedelta(days=90))
    score_lead(lead, now=timezone.now() + datetime.timedelta(days=91))
    assert lead.rating == "hot"
    score_lead(lead)
    lead.edit({"rating_by_hand": ""}, by=alice)
    lead.refresh_from_db()
    assert (lead.rating, lead.rating_until) == ("hot", None)


def test_without_rules_a_rating_by_hand_is_the_rating(alice):
    lead = create_lead({"name": "A", "rating_by_hand": "warm"}, by=alice, owner=alice)
    assert (lead.score, lead.rating) == (0, "warm")
    score_lead(lead, now=timezone.now() + datetime.timedelta(days=400))
    assert lead.rating == "warm"
    assert create_lead({"name": "B"}, by=alice, owner=alice).rating == ""


def test_a_new_lead_is_scored_before_the_rules_give_it_away(alice):
    makers.score_rule("source", 40, entries=[source("fair").pk])
    lead = create_lead({"name": "A", "source": source("fair")}, by=alice)
    assert Lead.objects.waiting().get(score=40) == lead


def test_an_edit_and_the_first_contact_score_anew_and_raise_one_version(alice):
    makers.score_rule("company", 20)
    makers.score_rule("quiet", -5, at_least=1)
    lead = makers.lead(owner=alice, created_at=timezone.now() - datetime.timedelta(days=3))
    lead.edit({"company": "Acme"}, by=alice)
    before = lead.version
    assert lead.score == 15
    lead.contact(by=alice)
    lead.refresh_from_db()
    assert (lead.score, lead.version) == (20, before + 1)


def test_scoring_alone_raises_no_version_and_tells_of_no_event(alice):
    lead = makers.lead(owner=alice, company="Acme")
    makers.score_rule("company", 20)
    events = Event.objects.count()
    assert scored(lead) == 20
    assert (Lead.objects.get(pk=lead.pk).version, Event.objects.count()) == (lead.version, events)


def test_a_closed_lead_keeps_its_score_and_is_scored_when_it_is_reopened(alice):
    lead = create_lead({"name": "A", "company": "Acme"}, by=alice, owner=alice)
    lead.lose(entry_by_code("lead_lost_reason", "spam"), by=alice)
    makers.score_rule("company", 20)
    assert score_leads([lead.pk]) == {}
    lead.reopen(by=alice)
    lead.refresh_from_db()
    assert lead.score == 20


@pytest.mark.parametrize("seed", [1, 2])
def test_the_explanation_sums_to_the_score_of_random_leads(alice, seed):
    dice = random.Random(seed)
    makers.score_rule("source", 45, entries=[source("fair").pk])
    makers.score_rule("company_mail", 30)
    makers.score_rule("free_mail", -15)
    makers.score_rule("quiet", -40, at_least=14)
    makers.score_rule("value", 35, at_least=1000)
    makers.score_rule("phone", 25).__class__.objects.filter(name="phone").update(is_active=dice.random() < 0.5)
    for number in range(30):
        lead = makers.lead(
            f"L {number}", owner=alice, source=dice.choice([None, source("fair"), source("web")]),
            email_key=dice.choice(["", "a@gmail.com", "a@acme.de"]), phone_key=dice.choice(["", "+4940123"]),
            created_at=NOW - datetime.timedelta(days=dice.randrange(30)), currency="EUR",
            estimated_value=dice.choice([None, Decimal(999), Decimal(1000)]),
        )  # fmt: skip
        score_lead(lead, now=NOW)
        lead.refresh_from_db()
        told = explain(lead, now=NOW)
        assert min(100, max(0, sum(points for _rule, points in told.lines))) == told.score == lead.score
        assert not told.is_due and told.is_cut == (told.total != lead.score)


def test_a_rule_gives_points_and_its_range_runs_upwards():
    for fields, name in (({"points": 0}, "score_rule_gives_points"), ({"points": 101}, "score_rule_gives_points"),
                         ({"points": 5, "at_least": 3, "at_most": 2}, "score_rule_range_runs_upwards")):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            makers.score_rule("quiet", **fields)


def test_hot_begins_above_warm():
    with pytest.raises(IntegrityError, match="score_limits_rise"):
        ScoreLimits(hot_from=30, warm_from=30).save()


@pytest.fixture
def company_in_shanghai():
    from accounts.models import Company

    Company(time_zone="Asia/Shanghai", currency="EUR").save()
