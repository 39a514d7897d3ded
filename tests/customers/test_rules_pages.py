"""The editor of pools and rules: tried before it is switched on, within what one may rule."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import AlertLimits, Customer, Pool, RecycleRule
from records.models import Event, JobRun
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db
NEW = "/customers/pool/rules/new/"


def fields(**changed):
    given = {"name": "Cold", "pool": Pool.default().pk, "order": 10, "idle_days": 30, "warn_days": 7, "fresh_days": 0}
    return {key: value for key, value in {**given, **changed}.items() if value is not None}


def cold(owner, name="Cold Ltd"):
    row = customer(name, owner=owner)
    Customer.objects.filter(pk=row.pk).update(assigned_at=timezone.now() - timedelta(days=40))
    return row


def test_a_rule_is_made_and_waits_to_be_switched_on(olga, north, signed_in):
    client = signed_in(olga)
    assert client.post(NEW, fields(grades=["C", "D"], states=["prospect"], teams=[north.pk])).status_code == 302
    rule = RecycleRule.objects.get()
    assert (rule.grades, rule.states, rule.teams, rule.is_active) == (["C", "D"], ["prospect"], [north.pk], False)
    assert "open_opportunity" in rule.exempt or rule.exempt == {}
    client.post(reverse("customers:recycle_rule_switch", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.is_active


def test_trying_says_who_would_fall_and_saves_nothing(olga, alice, bob, signed_in):
    cold(alice, "A"), cold(alice, "B"), cold(bob, "C")
    page = signed_in(olga).post(NEW, fields(**{"try": "1"})).text
    assert "would move 3 customers tonight" in page and "Alice: 2" in page and "Bob: 1" in page
    assert not RecycleRule.objects.exists() and not Customer.objects.filter(owner=None).exists()


def test_trying_respects_the_rules_that_come_before(olga, alice, signed_in):
    RecycleRule.objects.create(pool=Pool.default(), name="Long", idle_days=900, order=1, is_active=True)
    cold(alice)
    assert "would move nobody tonight" in signed_in(olga).post(NEW, fields(**{"try": "1"})).text
    assert "would move 1 customer " in signed_in(olga).post(NEW, fields(order=0, **{"try": "1"})).text


@pytest.mark.parametrize(
    "changed",
    [
        {"idle_days": None}, {"idle_days": 0}, {"idle_days": 99999}, {"needs_both": "on"}, {"grades": ["Z"]},
        {"teams": [10**9]}, {"pool": 10**9}, {"name": ""}, {"warn_days": 9999},
    ],
)  # fmt: skip
def test_nonsense_is_refused_where_it_was_typed(olga, signed_in, changed):
    answer = signed_in(olga).post(NEW, fields(**changed))
    assert answer.status_code == 422 and not RecycleRule.objects.exists()


def test_a_supervisor_rules_over_his_own_teams_only(tess, north, south, signed_in):
    client = signed_in(tess)
    assert client.post(NEW, fields()).status_code == 422
    assert client.post(NEW, fields(teams=[south.pk])).status_code == 422
    assert client.post(NEW, fields(teams=[north.pk])).status_code == 302
    everybodys = RecycleRule.objects.create(pool=Pool.default(), name="All", idle_days=9)
    assert client.get(reverse("customers:recycle_rule", args=[everybodys.pk])).status_code == 404
    assert client.get(reverse("customers:pool_rules")).status_code == 200


def test_a_supervisor_who_administers_a_pool_sets_its_limits(tess, signed_in):
    pool = Pool.objects.create(name="North")
    pool.memberships.create(user=tess, is_administrator=True)
    url = reverse("customers:pool_edit", args=[pool.pk])
    given = {"name": "North", "is_active": "on", "holding_cap": 50, "brake_percent": 30, "administrators": [tess.pk]}
    assert signed_in(tess).post(url, given).status_code == 302
    pool.refresh_from_db()
    assert (pool.holding_cap, pool.brake_percent, pool.claims_per_day) == (50, 30, None)


def test_members_and_administrators_are_kept_as_chosen(olga, alice, bob, tess, signed_in):
    pool = Pool.objects.create(name="North")
    pool.memberships.create(user=bob)
    given = {"name": "North", "is_active": "on", "brake_percent": 100}
    given |= {"members": [alice.pk, tess.pk], "administrators": [tess.pk]}
    signed_in(olga).post(reverse("customers:pool_edit", args=[pool.pk]), given)
    kept = set(pool.memberships.values_list("user__username", "is_administrator"))
    assert kept == {("alice", False), ("tess", True)}


def test_the_default_pool_cannot_be_switched_off(olga, signed_in):
    url = reverse("customers:pool_edit", args=[Pool.default().pk])
    signed_in(olga).post(url, {"name": "Shared pool", "brake_percent": 100})
    assert Pool.default().is_active


def test_a_rule_is_deleted(olga, signed_in):
    rule = RecycleRule.objects.create(pool=Pool.default(), name="All", idle_days=9)
    signed_in(olga).post(reverse("customers:recycle_rule_delete", args=[rule.pk]))
    assert not RecycleRule.objects.exists()


def test_the_limits_of_reminders_are_kept(olga, signed_in):
    url = reverse("customers:alert_limits")
    empty = dict.fromkeys(("idle_days_b", "idle_days_c", "idle_days_d", "escalate_days"), "")
    assert signed_in(olga).post(url, {**empty, "never_days": 1, "idle_days_a": 10}).status_code == 302
    limits = AlertLimits.get()
    assert (limits.never_days, limits.idle_days, limits.escalate_days) == (1, {"A": 10}, None)


def test_a_stopped_run_asks_and_is_forced(olga, signed_in, monkeypatch):
    run = JobRun.start("customers.recycle", now=timezone.now(), by_beat=True)
    run.finish(state="stopped", moved=0, batch=None, lines=["Stopped by the brake"])
    asked = []
    monkeypatch.setattr("customers.pool.rule_views.run_job.delay", lambda name, force: asked.append((name, force)))
    client = signed_in(olga)
    page = client.get(reverse("customers:pool_rules")).text
    assert "Stopped by the brake" in page and "Move them all the same" in page
    client.post(reverse("customers:pool_run"))
    assert asked == [("customers.recycle", True)]


# --- who did it, and two at once ---


def told():
    return list(Event.objects.order_by("pk").values_list("subject_kind", "verb", "by__username"))


def test_every_change_of_a_rule_names_who(olga, signed_in):
    client = signed_in(olga)
    client.post(NEW, fields())
    rule = RecycleRule.objects.get()
    client.post(reverse("customers:recycle_rule", args=[rule.pk]), fields(idle_days=40))
    client.post(reverse("customers:recycle_rule_switch", args=[rule.pk]))
    page = client.get(reverse("customers:recycle_rule", args=[rule.pk])).text
    assert "Olga" in page and "40" in page
    client.post(reverse("customers:recycle_rule_delete", args=[rule.pk]))
    assert told() == [("recycle_rule", verb, "olga") for verb in ("create", "change", "switch_on", "delete")]


def test_pools_and_reminders_name_who_changed_them(olga, alice, signed_in):
    client, url = signed_in(olga), reverse("customers:pool_edit", args=[Pool.default().pk])
    client.post(url, {"name": "Shared pool", "is_open": "on", "brake_percent": 50, "members": [alice.pk]})
    client.post(reverse("customers:alert_limits"), {"never_days": 5})
    assert told() == [("pool", "change", "olga"), ("pool", "members", "olga"), ("alert_limits", "change", "olga")]


def test_two_who_edit_a_rule_meet_in_the_same_field_only(olga, signed_in):
    rule = RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30)
    url, client = reverse("customers:recycle_rule", args=[rule.pk]), signed_in(olga)
    opened = client.get(url).context["opened"]
    client.post(url, fields(idle_days=40, opened=opened))
    assert client.post(url, fields(warn_days=3, opened=opened)).status_code == 302
    assert client.post(url, fields(idle_days=50, opened=opened)).status_code == 409
    rule.refresh_from_db()
    assert (rule.idle_days, rule.warn_days) == (40, 3)


def test_rules_are_put_in_order_by_who_rules_over_all(olga, tess, signed_in):
    rules = [RecycleRule.objects.create(pool=Pool.default(), name=str(n), idle_days=9, order=n) for n in (1, 2)]
    first, second = (rule.pk for rule in rules)
    url, given = reverse("customers:recycle_rules_order"), {"seen": f"{first},{second}", "move": f"{second}:up"}
    assert signed_in(tess).post(url, given).status_code == 403
    signed_in(olga).post(url, given)
    assert list(RecycleRule.objects.order_by("order").values_list("pk", flat=True)) == [second, first]


def test_the_page_says_in_words_for_whom_a_rule_is(olga, north, signed_in):
    teams = [north.pk]
    RecycleRule.objects.create(
        pool=Pool.default(), name="Cold", idle_days=9, grades=["C"], teams=teams, exempt={"open_order": True}
    )
    page = signed_in(olga).get(reverse("customers:pool_rules")).text
    assert "grade C · North · kept by an open order" in page


def test_the_page_says_from_which_stage_on_an_opportunity_keeps(olga, signed_in):
    from sales.models import Stage

    stage = Stage.objects.select_related("pipeline").first()
    for exempt in (True, str(stage.pk)):
        RecycleRule.objects.create(
            pool=Pool.default(), name=f"Cold {exempt}", idle_days=9, exempt={"open_opportunity": exempt}
        )
    page = signed_in(olga).get(reverse("customers:pool_rules")).text
    assert page.count("kept by an open opportunity") == 2
    assert f"kept by an open opportunity, from “{stage.pipeline.label}: {stage.label}” on" in page
