"""Churn over real orders: the signs, the nightly run, what settles itself."""

import datetime
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.churn.case import confirm, defer, open_case
from customers.churn.watch import VERB, watch
from customers.models import ChurnCase, ChurnRule, Customer, Pool
from customers.ownership import give
from messaging.models import Notice
from records.jobs import run_job
from records.models import Batch, Event
from records.undo import undo_batch
from sales.churn_signals import late_by_interval
from sales.models import Order
from tests.customers import makers as customers
from tests.sales import documents
from tests.sales.documents import reason

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 15, 1, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


def buyer(owner, *days_ago, name="Acme GmbH"):
    """A customer with a confirmed order that many days ago."""
    row = customers.customer(name, owner=owner)
    for days in days_ago:
        documents.order(owner=owner, customer=row, on=TODAY - timedelta(days=days))
    row.refresh_from_db()
    return row


def rule(**values):
    return ChurnRule.objects.create(
        **{"name": "Late", "signal": "order_interval", "number": Decimal(2), "is_active": True, **values}
    )


def life_cycle(row):
    return Customer.objects.values_list("life_cycle", flat=True).get(pk=row.pk)


def test_a_customer_that_missed_twice_its_own_interval_gets_a_case_and_its_owner_is_told(alice):
    late, on_time = buyer(alice, 160, 130, 100, name="Late"), buyer(alice, 120, 60, name="Rhythm")
    rule()
    outcome = run_job(VERB, now=NOW)
    case = ChurnCase.objects.get()
    assert (case.customer, case.state, case.opened_on, outcome.moved) == (late, "open", TODAY, 1)
    assert (life_cycle(late), life_cycle(on_time)) == ("retain", "maintain")
    notice = Notice.objects.get(user=alice, kind="churn_to_settle")
    assert notice.count == 1
    event = Event.objects.get(subject_kind="churn", verb="create")
    assert (event.by, event.customer_id, event.batch) == (None, late.pk, outcome.batch)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 400), min_size=0, max_size=5),
    times=st.sampled_from([Decimal("0.5"), 1, 2, Decimal("2.5")]),
)
def test_the_sign_of_the_interval_is_what_plain_python_says(alice, days, times):
    row = customers.customer(owner=alice)
    for place, ago in enumerate(days):
        Order.objects.create(
            customer=row, owner=alice, team=alice.team, number=f"X{row.pk}-{place}", currency="EUR", state="confirmed",
            confirmed_on=TODAY - timedelta(days=ago), ordered_on=TODAY, owner_at_confirm=alice, net=1, gross=1, tax=0,
        )  # fmt: skip
    shows = Customer.objects.filter(pk__in=late_by_interval(Decimal(times), TODAY), pk=row.pk).exists()
    assert shows == is_late(days, Decimal(times))


def is_late(days, times):
    if len(days) < 2 or max(days) == min(days):
        return False
    return Decimal(min(days)) * (len(days) - 1) > times * (max(days) - min(days))


def test_twice_in_a_night_changes_nothing_the_second_time(alice):
    buyer(alice, 160, 130, 100)
    rule()
    assert watch(now=NOW).moved == 1
    again = watch(now=NOW)
    assert (again.moved, again.batch, ChurnCase.objects.count()) == (0, None, 1)


def test_a_dry_run_says_what_the_run_does_and_changes_nothing(alice):
    buyer(alice, 160, 130, 100)
    rule()
    before = watch(now=NOW, dry_run=True)
    assert (before.moved, ChurnCase.objects.exists(), Batch.objects.exists()) == (1, False, False)
    assert before.lines == ["Late: 1 new case, because no order for 2 times its own interval"]
    assert watch(now=NOW).lines == before.lines


def test_a_rule_names_only_its_kind_of_customers(alice, charlie, north):
    mine, other = buyer(alice, 160, 130, 100), buyer(charlie, 160, 130, 100, name="Other")
    rule(teams=[north.pk])
    watch(now=NOW)
    assert ChurnCase.objects.get().customer == mine
    assert life_cycle(other) == "maintain"


def test_the_first_rule_that_names_a_customer_opens_its_case(alice):
    buyer(alice, 300, 250, 200)
    second = rule(order=20)
    first = rule(order=10, name="Days", signal="order_days", number=100)
    watch(now=NOW)
    assert ChurnCase.objects.get().rule == first != second


def test_what_was_deferred_is_open_again_on_its_day_also_after_a_missed_night(alice):
    case = open_case(customers.customer(owner=alice), by=alice, now=NOW)
    defer(case, "A visit", TODAY + timedelta(days=10), by=alice, now=NOW)
    watch(now=NOW + timedelta(days=9))
    assert ChurnCase.objects.get().state == "deferred"
    watch(now=NOW + timedelta(days=12))
    assert ChurnCase.objects.get().state == "open"
    assert Notice.objects.get(user=alice).kind == "churn_to_settle"


def test_an_order_keeps_the_customer_at_once(alice):
    row = buyer(alice, 160, 130, 100)
    rule()
    watch(now=NOW)
    documents.order(owner=alice, customer=row, on=TODAY)
    case = ChurnCase.objects.get()
    assert (case.state, life_cycle(row)) == ("kept", "maintain")


def test_an_order_wins_a_lost_customer_back(alice):
    row = buyer(alice, 160)
    case = open_case(row, by=alice, now=NOW)
    confirm(case, reason("churn_reason"), by=alice, now=NOW)
    assert life_cycle(row) == "lost"
    documents.order(owner=alice, customer=row, on=TODAY + timedelta(days=1))
    case.refresh_from_db()
    assert (case.state, life_cycle(row)) == ("won_back", "maintain")


def test_an_imported_order_settles_the_case_at_night(alice):
    row = buyer(alice, 160, 130, 100)
    rule()
    watch(now=NOW)
    Customer.objects.filter(pk=row.pk).update(last_order_on=TODAY + timedelta(days=1))
    outcome = watch(now=NOW + timedelta(days=2))
    assert ChurnCase.objects.get().state == "kept"
    assert "1 customer bought again: kept" in outcome.lines


def test_after_a_case_ended_rules_rest(alice):
    row = buyer(alice, 160, 130, 100)
    held = rule(rest_days=30)
    case = open_case(row, by=alice, now=NOW)
    ChurnCase.objects.filter(pk=case.pk).update(state="kept", ended_on=TODAY)
    watch(now=NOW + timedelta(days=29))
    assert ChurnCase.objects.count() == 1
    watch(now=NOW + timedelta(days=30))
    assert ChurnCase.objects.filter(rule=held).count() == 1


def test_a_lost_customer_gets_no_other_case(alice):
    row = buyer(alice, 160, 130, 100)
    rule(rest_days=0)
    confirm(open_case(row, by=alice, now=NOW), reason("churn_reason"), by=alice, now=NOW)
    assert watch(now=NOW + timedelta(days=400)).moved == 0


def test_undo_takes_a_night_back_and_leaves_what_lives_since(alice, bob, olga):
    first, second = buyer(alice, 160, 130, 100, name="A"), buyer(bob, 160, 130, 100, name="B")
    rule()
    batch = run_job(VERB, now=NOW).batch
    decided = ChurnCase.objects.get(customer=second)
    defer(decided, "A visit", TODAY + timedelta(days=400), by=bob, now=timezone.now())
    told = undo_batch(batch, by=olga, dry_run=True)
    result = undo_batch(batch, by=olga)
    assert (result.restored, [row["id"] for row in result.left]) == (1, [decided.pk])
    assert (told.restored, told.left) == (result.restored, result.left)
    assert result.left[0]["by"] == str(bob)
    assert (life_cycle(first), life_cycle(second)) == ("maintain", "retain")
    assert not ChurnCase.objects.live().filter(customer=first).exists()
    assert Notice.objects.filter(user=alice).count() == 0


def test_the_next_night_does_not_repeat_what_was_taken_back(alice, olga):
    buyer(alice, 160, 130, 100)
    rule()
    undo_batch(run_job(VERB, now=NOW).batch, by=olga)
    assert watch(now=timezone.now()).moved == 0


def test_a_customer_in_the_pool_gets_no_case(alice):
    row = buyer(alice, 160, 130, 100)
    give([row.pk], pool=Pool.default(), by=alice, verb="release")
    rule()
    assert watch(now=NOW).moved == 0
