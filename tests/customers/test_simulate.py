"""The simulation says what a plain replay says that asks, night by night, what had been known by then."""

import functools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from accounts.workdays import Calendar
from customers.models import Activity, Customer, Pool, RecycleRule, RuleSimulation
from customers.simulate import NIGHTS, nights_before, simulate
from customers.simulations import ask_simulation, run_simulation
from records.models import Event
from sales.models import Opportunity, Pipeline
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 9, 30, tzinfo=UTC)
SPAN = 200  # days of history
moments = st.integers(0, SPAN * 24 * 12).map(lambda steps: NOW - timedelta(minutes=5 * steps + 1))
days = st.integers(0, SPAN).map(lambda back: (NOW - timedelta(days=back)).date())


@dataclass
class History:
    """``hands``: (moment, owner or None for the pool), the first one the creation."""

    hands: list[tuple[datetime, str | None]]
    grade: str
    touches: list[datetime] = field(default_factory=list)
    won: list[date] = field(default_factory=list)
    open: list[tuple[date, date | None]] = field(default_factory=list)
    protected: tuple[datetime, int] | None = None


@st.composite
def histories(draw):
    at = sorted(set(draw(st.lists(moments, min_size=1, max_size=4))))
    owners = [draw(st.sampled_from(["alice", "charlie"]))]
    for _ in at[1:]:
        owners.append(draw(st.sampled_from([name for name in ("alice", "charlie", None) if name != owners[-1]])))
    spans = [
        (first, None if closed is None else first + timedelta(days=closed))
        for first, closed in draw(st.lists(st.tuples(days, st.one_of(st.none(), st.integers(0, 60))), max_size=1))
    ]
    return History(
        hands=list(zip(at, owners, strict=True)), grade=draw(st.sampled_from("AD")),
        touches=draw(st.lists(moments, max_size=4)), won=draw(st.lists(days, max_size=2)), open=spans,
        protected=draw(st.one_of(st.none(), st.tuples(moments, st.integers(1, 120)))),
    )  # fmt: skip


@st.composite
def rules(draw):
    idle, order = draw(st.sampled_from([(20, None), (None, 45), (15, 40), (60, 10), (5, None)]))
    return {
        "idle_days": idle, "order_days": order, "needs_both": bool(idle and order) and draw(st.booleans()),
        "counts_working_days": draw(st.booleans()), "fresh_days": draw(st.sampled_from([0, 10, 40])),
        "exempt": draw(st.sampled_from([{}, {"open_opportunity": True}])), "grades": draw(st.sampled_from([[], ["A"]])),
    }  # fmt: skip


@given(
    told=st.lists(histories(), min_size=1, max_size=4), asked=rules(), north_first=st.booleans(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland"]),
    own_days=st.dictionaries(days.map(date.isoformat), st.booleans(), max_size=8),
)  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_simulation_equals_a_plain_replay(alice, charlie, told, asked, north_first, zone, own_days):
    with transaction.atomic():  # a failing example does not break the next ones
        compare(alice, charlie, told, asked, north_first, zone, own_days)


def compare(alice, charlie, told, asked, north_first, zone, own_days):
    for model in (Opportunity, Activity, Customer, Event, RecycleRule):
        model._base_manager.all().delete()
    Company(
        time_zone=zone, country="DE", own_days={day: {"works": works, "name": ""} for day, works in own_days.items()}
    ).save()
    if north_first:  # comes before the rule that is tried, for alice's customers
        RecycleRule.objects.create(
            pool=Pool.default(), name="before", order=1, is_active=True, idle_days=999, teams=[alice.team_id]
        )
    rule = RecycleRule.objects.create(pool=Pool.default(), name="tried", order=2, **asked)
    people = {"alice": alice, "charlie": charlie}
    for history in told:
        write(history, people)
    found = simulate(rule, now=NOW)
    assert found.fallen == replay(told, rule, people, only_charlies=north_first)


def write(history, people):
    """What the verbs would have left behind: the row as it stands, its events, what was done and sold."""
    at, owner = history.hands[-1]
    row = customer(owner=people.get(owner), grade=history.grade)
    given_at = [moment for moment, name in history.hands if name]
    protected_at, protected_days = history.protected or (None, 0)
    is_protected = protected_at and owner and protected_at >= at
    Customer.objects.filter(pk=row.pk).update(
        created_at=history.hands[0][0], assigned_at=max(given_at), entered_pool_at=None if owner else at,
        last_contact_at=max(history.touches, default=None),
        protected_until=protected_at + timedelta(days=protected_days) if is_protected else None,
    )  # fmt: skip
    before = None
    for moment, name in history.hands:
        facts = {"from": before and people[before].pk, "to": name and people[name].pk}
        facts |= {} if name else {"pool": Pool.default().pk}
        log(row, moment, "create" if moment == history.hands[0][0] else "assign", facts)
        before = name
    if is_protected:
        log(row, protected_at, "protect", {"until": "…"})
    for moment in history.touches:
        Activity.objects.create(customer=row, type="call", at=moment)
    for day in history.won:
        deal(row, state="won", opened_on=day, closed_on=day)
    for first, closed in history.open:
        deal(row, opened_on=first, **({"state": "lost", "closed_on": closed} if closed else {}))


def log(row, at, verb, facts):
    facts = {name: value for name, value in facts.items() if value is not None}
    Event.objects.create(at=at, verb=verb, subject_kind="customer", subject_id=row.pk, customer_id=row.pk, facts=facts)


def deal(row, **fields):
    from tests.sales.makers import reason, stage

    if fields.get("state") == "lost":
        fields["lost_reason"] = reason()
    first = stage(1)
    given = {"stage": first, "furthest_stage": first, "probability": 10, "currency": "EUR", **fields}
    Opportunity.objects.create(name="Deal", customer=row, pipeline=Pipeline.first_choice(), **given)


def replay(told, rule, people, *, only_charlies):
    """Night by night, customer by customer; nothing of it is shared with the statement but the calendar."""
    company, fallen = Company.get(), {}
    zone, calendar = ZoneInfo(company.time_zone), Calendar.of(company)
    after = functools.cache(functools.partial(calendar.after, working=rule.counts_working_days))
    for history in told:
        for place in range(NIGHTS):
            night = datetime.combine(_last_night(zone) - timedelta(days=NIGHTS - 1 - place), time(2), tzinfo=zone)
            owner = falls(history, rule, night, zone, after)
            if owner and not (only_charlies and owner == "alice"):
                key = place // 7, people[owner].pk
                fallen[key] = fallen.get(key, 0) + 1
                break
    return fallen


def _last_night(zone):
    local = NOW.astimezone(zone)
    return local.date() if local.time() >= time(2) else local.date() - timedelta(days=1)


def falls(history, rule, night, zone, after):
    """Whose it is on the night on which the rule takes it; None when it stays."""
    known = [(moment, name) for moment, name in history.hands if moment < night]
    if not known or known[-1][1] is None or (rule.grades and history.grade not in rule.grades):
        return None
    since, owner = known[-1]
    today = night.astimezone(zone).date()

    def over(moment, limit):
        return after(moment.astimezone(zone).date(), limit) <= today

    last_contact = max(history.touches, default=None)
    touched = max([since, *(at for at in history.touches if at < night and at <= last_contact)])
    sold = max([since, *(datetime.combine(day, time(), tzinfo=zone) for day in history.won if day < today)])
    clocks = [over(at, limit) for at, limit in ((touched, rule.idle_days), (sold, rule.order_days)) if limit]
    if not (all(clocks) if rule.needs_both else any(clocks)) or not over(since, rule.fresh_days):
        return None
    if "open_opportunity" in rule.exempt and is_open(history, today):
        return None
    return None if is_protected(history, night) else owner


def is_open(history, today):
    spans = [*history.open, *((day, day) for day in history.won)]
    return any(first < today and (closed is None or closed >= today) for first, closed in spans)


def is_protected(history, night):
    at, owner = history.hands[-1]
    if not history.protected or owner is None or history.protected[0] < at:
        return False
    since, length = history.protected
    return since < night < since + timedelta(days=length)


# --- by example, and the page ---


def test_what_was_overdue_before_falls_in_the_first_night_and_the_rest_in_its_week(alice):
    rule = RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30)
    for back in (400, 200, 60, 10):
        row = customer(owner=alice)
        Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=back))
    found = simulate(rule, now=NOW)
    assert (found.total, found.at_once, found.fallen) == (3, 2, {(0, alice.pk): 2, (8, alice.pk): 1})
    assert not Customer.objects.filter(owner=None).exists()


def test_nights_keep_their_hour_over_the_change_of_clocks(db):
    Company(time_zone="Europe/Berlin").save()
    from customers.limits import Today

    nights = nights_before(Today.at(NOW))
    assert len({night.date for night in nights}) == NIGHTS
    assert nights[-1].date == date(2031, 5, 14) and (nights[-1].date - nights[0].date).days == NIGHTS - 1


def test_a_simulation_is_asked_once_counted_by_a_worker_and_read_on_the_page(olga, alice, signed_in):
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=NOW - timedelta(days=20000))
    rule = RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30)
    client, page = signed_in(olga), reverse("customers:recycle_rule", args=[rule.pk])
    url = reverse("customers:recycle_rule_simulate", args=[rule.pk])
    client.post(url), client.post(url)
    waiting = RuleSimulation.objects.get()
    assert "Counting the past 13 weeks" in client.get(page).text
    run_simulation(waiting.pk), run_simulation(waiting.pk)
    shown = client.get(page).text
    assert "would have moved 1 customer in these 13 weeks" in shown and "Alice" in shown
    assert "What the simulation assumes" in shown and "changed since" not in shown
    rule.edit({"idle_days": 40}, by=olga)
    assert "The rule was changed since" in client.get(page).text
    fragment = client.get(reverse("customers:recycle_rule_simulated", args=[rule.pk]), HTTP_HX_REQUEST="true").text
    assert "would have moved 1 customer" in fragment and "<html" not in fragment


def test_a_lost_simulation_gives_way_to_a_new_one_and_few_are_kept(olga):
    rule = RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30)
    lost = ask_simulation(rule, by=olga)
    assert ask_simulation(rule, by=olga) == lost
    RuleSimulation.objects.update(asked_at=lost.asked_at - timedelta(hours=1))
    assert ask_simulation(rule, by=olga) != lost
    for _ in range(5):
        run_simulation(ask_simulation(rule, by=olga).pk)
    assert RuleSimulation.objects.count() == 3
