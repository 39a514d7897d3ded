"""A churn case: opened, put off, confirmed, won back; what it says of the customer, and who may."""

import datetime
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.churn.case import confirm, defer, open_case, take_back, win_back
from customers.limits import Today, due, rules_in_force
from customers.models import ChurnCase, Customer, Pool, RecycleRule
from customers.page import customer_page
from customers.standing import standing_of
from records.models import DictionaryEntry, Event
from records.refusals import Refused
from tests.customers.makers import customer

NOW = datetime.datetime(2026, 6, 15, 12, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


def price():
    return DictionaryEntry.objects.get(list="churn_reason", code="price")


def life_cycle(case):
    return Customer.objects.values_list("life_cycle", flat=True).get(pk=case.customer_id)


@pytest.mark.django_db
def test_the_way_of_a_case_moves_the_life_cycle(alice):
    case = open_case(customer(owner=alice), by=alice, note="They look around", now=NOW)
    assert (case.state, case.opened_on, life_cycle(case)) == ("open", TODAY, "retain")
    defer(case, "A visit of the director", TODAY + timedelta(days=30), by=alice, now=NOW)
    assert (case.state, case.measures, life_cycle(case)) == ("deferred", "A visit of the director", "retain")
    confirm(case, price(), by=alice, competitor="Globex", now=NOW)
    assert (case.state, case.reason.code, case.competitor, life_cycle(case)) == ("confirmed", "price", "Globex", "lost")
    assert (case.owner_at_confirm, case.team_at_confirm) == (alice, alice.team)
    win_back(case, by=alice, now=NOW + timedelta(days=60))
    assert (case.state, case.ended_on, life_cycle(case)) == ("won_back", TODAY + timedelta(days=60), "acquire")
    events = Event.objects.filter(subject_kind="churn", subject_id=case.pk).order_by("pk")
    assert [(event.verb, event.by) for event in events] == [
        ("create", alice), ("defer", alice), ("confirm", alice), ("win_back", alice),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("measures", "days"), [("", 5), ("  ", 5), ("A visit", 0), ("A visit", -1), ("A visit", 400)]
)  # fmt: skip
def test_a_deferral_without_measures_or_without_a_sensible_day_is_refused(alice, measures, days):
    case = open_case(customer(owner=alice), by=alice, now=NOW)
    with pytest.raises(Refused):
        defer(case, measures, TODAY + timedelta(days=days), by=alice, now=NOW)
    assert ChurnCase.objects.get().state == "open"
    assert Event.objects.filter(subject_kind="churn").count() == 1


@pytest.mark.django_db
def test_what_the_state_forbids_is_refused_with_what_it_allows(alice):
    case = open_case(customer(owner=alice), by=alice)
    with pytest.raises(Refused) as refusal:
        win_back(case, by=alice)
    assert refusal.value.state == "open" and {"defer", "confirm"} <= set(refusal.value.allowed)


@pytest.mark.django_db
def test_a_customer_has_one_unsettled_case(alice):
    row = customer(owner=alice)
    case = open_case(row, by=alice)
    with pytest.raises(Refused) as refusal:
        open_case(row, by=alice)
    assert refusal.value.facts["case"] == case.pk
    with pytest.raises(IntegrityError, match="churn_one_unsettled"), transaction.atomic():
        ChurnCase.objects.create(customer=row, opened_on=TODAY)


@pytest.mark.django_db
def test_a_lost_customer_is_won_back_before_another_case(alice):
    row = customer(owner=alice)
    confirm(open_case(row, by=alice), price(), by=alice)
    with pytest.raises(Refused, match="lost already"):
        open_case(row, by=alice)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "deferred"}, "churn_deferred_has_measures_and_a_date"),
        ({"state": "confirmed"}, "churn_confirmed_has_a_reason"),
        ({"state": "kept"}, "churn_ended_has_its_day"),
        ({"state": "gone"}, "churn_confirmed_has_a_reason"),
    ],
)
def test_the_database_ties_a_state_to_its_facts(alice, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ChurnCase.objects.create(customer=customer(owner=alice), opened_on=TODAY, **values)


@pytest.mark.django_db
def test_a_mistake_goes_to_the_trash_and_the_customer_stands_as_before(alice):
    case = open_case(customer(owner=alice), by=alice)
    take_back(case, by=alice)
    assert life_cycle(case) == "acquire"


@pytest.mark.django_db(transaction=True)
def test_opened_twice_at_once_it_is_one_case(alice):
    row, told = customer(owner=alice), []

    def try_it():
        try:
            open_case(Customer.objects.get(pk=row.pk), by=alice)
            told.append("made")
        except Refused as refusal:
            told.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(told) == ["known", "known", "known", "made"]
    assert ChurnCase.objects.count() == 1


@pytest.mark.django_db
def test_a_deferred_case_keeps_the_customer_out_of_the_pool_whatever_the_rule_says(alice):
    row = customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(assigned_at=timezone.now() - timedelta(days=90))
    rule = RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30, is_active=True)
    now = timezone.now()
    assert due(rules_in_force(), rule, Today.at(now)).count() == 1
    case = open_case(row, by=alice)
    assert due(rules_in_force(), rule, Today.at(now)).count() == 1
    defer(case, "A visit", Today.at(now).date + timedelta(days=5), by=alice)
    assert due(rules_in_force(), rule, Today.at(now)).count() == 0
    row.refresh_from_db()
    assert standing_of(row, now=now).kept_by == ["a deferred churn case"], "the page says what the run does"


@pytest.mark.django_db
def test_the_customers_page_says_where_it_stands(alice):
    row = customer(owner=alice)
    case = open_case(row, by=alice, note="They look around")
    assert "May leave: They look around" in steps(alice, row)
    defer(case, "A visit", timezone.now().date() + timedelta(days=5), by=alice)
    assert "May leave; deferred until" in steps(alice, row)
    confirm(case, price(), by=alice)
    assert "Lost on" in steps(alice, row) and "Price" in steps(alice, row)


def steps(user, row):
    row = Customer.objects.get(pk=row.pk)
    return "; ".join(step.text for step in customer_page(user, row, now=timezone.now()).steps)


@pytest.mark.django_db
def test_the_api_walks_the_whole_way(api, alice):
    row = customer(owner=alice)
    made = api(alice, "churn", {"customer": row.pk, "note": "They look around"})
    assert made.status_code == 201, made.text
    assert (made.status_code, made.json()["state"], made.json()["because"]) == (201, "open", "They look around")
    pk, until = made.json()["id"], (timezone.now().date() + timedelta(days=9)).isoformat()
    told = api(alice, f"churn/{pk}/defer", {"measures": "A visit", "until": until})
    assert (told.json()["state"], told.json()["deferred_until"]) == ("deferred", until)
    refused = api(alice, f"churn/{pk}/win_back", {})
    assert (refused.status_code, refused.json()["state"], refused.json()["allowed"]) == (409, "deferred", ["confirm"])
    assert api(alice, f"churn/{pk}/confirm", {"reason": "price"}).json()["reason"] == "price"
    assert api(alice, f"churn/{pk}/win_back", {}).json()["state"] == "won_back"
    assert api(alice, f"customers/{row.pk}").json()["state"] == "prospect"


@pytest.mark.django_db
def test_the_list_costs_the_same_number_of_queries_with_3_and_30_rows(alice, signed_in, count_queries):
    client = signed_in(alice)

    def asked(number):
        while ChurnCase.objects.count() < number:
            open_case(customer(f"C{ChurnCase.objects.count()}", owner=alice), by=alice)
        client.get("/customers/churn/")
        return count_queries(lambda: client.get("/customers/churn/"))

    assert asked(3) == asked(30)


@pytest.mark.django_db
def test_cases_follow_the_reach_of_their_customer(alice, bob, charlie, tess, erin, finn, nobody):
    case = open_case(customer(owner=alice), by=alice)
    seen = {p.username for p in (alice, bob, charlie, tess, erin, finn, nobody)
            if ChurnCase.objects.visible_to(p).filter(pk=case.pk).exists()}  # fmt: skip
    assert seen == {"alice", "tess", "erin"}
    Customer.objects.filter(pk=case.customer_id).update(owner=None, pool=Pool.default(), entered_pool_at=NOW)
    assert not ChurnCase.objects.visible_to(erin).exists(), "a customer in the pool is in nobody's reach"
