"""Score rules on their pages, and the score on the page of a lead, in the list and in the API."""

import datetime
import re

import pytest
from django.utils import timezone

from leads.models import Lead, ScoreLimits, ScoreRule
from leads.scoring.facts import facts
from leads.scoring.score import score_leads
from records.models import Event
from tests.leads import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(signed_in, olga):
    return signed_in(olga)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode()).group(1)


def test_every_fact_has_a_form_that_asks_only_for_its_own(hers):
    for name in facts.names():
        page = hers.get(f"/leads/scoring/new/{name}/")
        assert page.status_code == 200
        asked = set(page.context["form"].fields) & {"entries", "codes", "words", "at_least", "at_most"}
        assert asked == set(facts[name].asks), name
    assert hers.get("/leads/scoring/new/nonsense/").status_code == 404


def test_a_rule_is_made_switched_on_and_deleted(hers, olga):
    made = hers.post("/leads/scoring/new/quiet/", {"name": "Silent", "at_least": "14", "points": "-10"})
    assert made.status_code == 302
    rule = ScoreRule.objects.get()
    assert (rule.fact, rule.at_least, rule.points, rule.is_active) == ("quiet", 14, -10, False)
    before = ScoreLimits.get().rules_version
    hers.post(f"/leads/scoring/{rule.pk}/switch/")
    assert ScoreLimits.get().rules_version == before + 1 and ScoreRule.objects.get().is_active
    page = hers.get("/leads/scoring/").content.decode()
    assert "Silent" in page and "Days without contact: from 14" in page
    hers.post(f"/leads/scoring/{rule.pk}/delete/")
    assert not ScoreRule.objects.exists()
    told = Event.objects.filter(subject_kind="score_rule", by=olga).order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["create", "switch_on", "delete"]


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("quiet", {"points": "5"}),
        ("quiet", {"points": "5", "at_least": "9", "at_most": "3"}),
        ("quiet", {"points": "0", "at_least": "9"}),
        ("company", {"points": "101"}),
        ("source", {"points": "5"}),
        ("campaign", {"points": "5"}),
        ("country", {"points": "5", "codes": ["XX"]}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_where_it_is_typed(hers, fact, typed):
    answer = hers.post(f"/leads/scoring/new/{fact}/", {"name": "A", **typed})
    assert answer.status_code == 422 and answer.context["form"].errors
    assert not ScoreRule.objects.exists()


def test_trying_a_rule_says_what_it_would_do_and_saves_nothing(hers, alice):
    makers.lead(owner=alice, company="Acme")
    page = hers.post("/leads/scoring/new/company/", {"name": "A", "points": "70", "try": "1"}).content.decode()
    assert "The rule holds for 1 open lead." in page and "1 lead would become hot" in page
    assert not ScoreRule.objects.exists() and Lead.objects.get().score == 0


def test_two_who_edit_a_rule_conflict_in_the_same_field_only(hers, olga):
    rule = makers.score_rule("company", 10, name="Company")
    opened = hidden(hers.get(f"/leads/scoring/{rule.pk}/"), "opened")
    rule.edit({"points": 15}, by=None)
    typed = {"name": "Company", "points": "20", "is_active": "on", "opened": opened}
    assert hers.post(f"/leads/scoring/{rule.pk}/", typed).status_code == 409
    hers.post(f"/leads/scoring/{rule.pk}/", {**typed, "name": "Has a company", "points": "10"})
    rule.refresh_from_db()
    assert (rule.name, rule.points) == ("Has a company", 15)


def test_the_limits_are_tried_and_changed(hers, alice):
    makers.score_rule("company", 40)
    score_leads([makers.lead(owner=alice, company="Acme").pk])
    tried = hers.post("/leads/scoring/limits/", {"hot_from": "40", "warm_from": "20", "try": "1"}).content.decode()
    assert "1 lead would become hot" in tried and ScoreLimits.get().hot_from == 60
    assert hers.post("/leads/scoring/limits/", {"hot_from": "20", "warm_from": "40"}).status_code == 422
    hers.post("/leads/scoring/limits/", {"hot_from": "40", "warm_from": "20"})
    assert (ScoreLimits.get().hot_from, ScoreLimits.get().rules_version) == (40, 1)


def test_the_page_of_a_lead_explains_its_score(signed_in, alice):
    makers.score_rule("company", 70, name="A company stands behind it")
    makers.score_rule("phone", -100, name="Phone")
    lead = makers.lead(owner=alice, company="Acme")
    score_leads([lead.pk])
    page = signed_in(alice).get(f"/leads/{lead.pk}/").content.decode()
    assert "A company stands behind it" in page and "+70" in page and "Phone</span>" not in page


def test_the_page_says_when_the_score_is_not_of_today(signed_in, alice):
    lead = makers.lead(owner=alice, company="Acme")
    makers.score_rule("company", 70)
    page = signed_in(alice).get(f"/leads/{lead.pk}/").content.decode()
    assert "it is 70; the lead follows with the next scoring" in page
    assert Lead.objects.get(pk=lead.pk).score == 0


def test_a_rating_by_hand_is_typed_and_shown_with_its_date(signed_in, alice):
    client, lead = signed_in(alice), makers.lead(owner=alice)
    until = timezone.now().date() + datetime.timedelta(days=10)
    typed = {"name": "Anna", "rating_by_hand": "hot", "rating_until": until.isoformat()}
    typed["opened"] = hidden(client.get(f"/leads/{lead.pk}/edit/"), "opened")
    assert client.post(f"/leads/{lead.pk}/edit/", typed).status_code == 302
    lead.refresh_from_db()
    assert (lead.rating, lead.rating_until) == ("hot", until)
    assert "set by hand, until" in client.get(f"/leads/{lead.pk}/").content.decode()


def test_the_list_narrows_by_rating_and_score(signed_in, alice):
    for number, (score, rating) in enumerate([(80, "hot"), (40, "warm"), (10, "cold")]):
        makers.lead(f"L {number}", owner=alice, score=score, rating=rating)
    client = signed_in(alice)

    names = {query: len(client.get(f"/leads/?{query}").context["table"].rows) for query in (
        "rating=hot", "score_min=40", "score_max=40", "score_min=20&score_max=50", "score_min=x",
    )}  # fmt: skip
    assert names == {
        "rating=hot": 1, "score_min=40": 2, "score_max=40": 2, "score_min=20&score_max=50": 1, "score_min=x": 0,
    }  # fmt: skip


def test_the_api_shows_score_and_rating_and_takes_one_by_hand(api, alice):
    makers.score_rule("company", 70)
    made = api(alice, "leads", {"name": "A", "company": "Acme"}).json()
    assert (made["score"], made["rating"], made["rating_by_hand"]) == (70, "hot", "")
    held = api(alice, "leads", {"name": "B", "rating_by_hand": "cold"}).json()
    assert held["rating"] == "cold" and held["rating_until"]
    assert [one["name"] for one in api(alice, "leads?rating=hot").json()["items"]] == ["A"]
    assert api(alice, "leads", {"name": "C", "rating": "hot"}).status_code == 422
