"""Claiming: exactly one winner, the losers told who, limits that hold under any number of clicks."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from customers.claim import claim, claim_each, who_took
from customers.models import Customer, Pool, PoolClaim
from customers.release import release
from records.models import Event
from records.refusals import Refused
from tests import factories
from tests.customers.makers import customer

NOW = datetime(2031, 5, 14, 12, tzinfo=UTC)


@pytest.fixture
def pool(db):
    return Pool.default()


def set_limits(pool, **limits):
    Pool.objects.filter(pk=pool.pk).update(**limits)


def refusal(customer, by, now=None):
    with pytest.raises(Refused) as caught:
        claim(customer.pk, by=by, now=now)
    return caught.value


def in_threads(number, work):
    """Runs ``work(i)`` in so many threads at once; returns what each returned or raised."""
    results, ready = [None] * number, threading.Barrier(number)

    def run(place):
        try:
            ready.wait(30)
            results[place] = work(place)
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_claimed_customer_is_hers_from_this_moment(alice, pool):
    lost = claim(customer().pk, by=alice)
    assert (lost.owner, lost.team, lost.pool, lost.entered_pool_at) == (alice, alice.team, None, None)
    event = Event.objects.get(verb="claim")
    assert (event.by, event.facts) == (alice, {"to": alice.pk, "from_pool": pool.pk})
    assert PoolClaim.objects.get().user == alice


def test_a_new_pool_has_every_limit_off(alice, pool):
    mine = [claim(customer(f"C{n}").pk, by=alice) for n in range(3)]
    release(mine[0], by=alice, reason="no_need")
    assert claim(mine[0].pk, by=alice).owner == alice


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_claiming_at_once_gives_one_winner_and_tells_the_others_who(pool, north):
    people = [factories.person(f"p{n}", "account_manager", team=north) for n in range(50)]
    for round_number in range(5):
        prize = customer(f"Prize {round_number}")
        results = in_threads(50, lambda place, prize=prize: claim(prize.pk, by=people[place]))
        winners = [result for result in results if isinstance(result, Customer)]
        assert len(winners) == 1
        losers = [result for result in results if result is not winners[0]]
        owner = Customer.objects.get(pk=prize.pk).owner
        assert all(isinstance(loser, Refused) and loser.facts["owner"] == owner.pk for loser in losers)
        assert all(owner.name in str(loser) for loser in losers)
    assert Event.objects.filter(verb="claim").count() == PoolClaim.objects.count() == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_cap_of_37_stays_37_under_any_number_of_clicks(pool, north):
    set_limits(pool, holding_cap=37)
    greedy = factories.person("greedy", "account_manager", team=north)
    waiting = [customer(f"C{n}") for n in range(60)]
    results = in_threads(20, lambda place: [_claimed(waiting[n].pk, greedy) for n in range(place, 60, 20)])
    assert sum(result.count(True) for result in results) == 37
    assert Customer.objects.filter(owner=greedy).count() == 37


def _claimed(pk, by):
    try:
        claim(pk, by=by)
    except Refused:
        return False
    return True


def test_the_cap_counts_what_she_owns_already(alice, pool):
    set_limits(pool, holding_cap=2)
    customer(owner=alice)
    claim(customer().pk, by=alice)
    assert refusal(customer(), alice).reason == "holding_cap"


def test_kinds_that_do_not_count_take_no_place_under_the_cap(alice, pool):
    set_limits(pool, holding_cap=1, uncounted_grades=["A"], uncounted_states=["repeat"])
    customer(owner=alice, grade="A")
    customer(owner=alice, grade="C", state="repeat")
    claim(customer(grade="C").pk, by=alice)
    assert refusal(customer(grade="C"), alice).reason == "holding_cap"
    assert claim(customer(grade="A").pk, by=alice).owner == alice


def test_claims_a_day_count_also_what_was_given_back(alice, pool):
    set_limits(pool, claims_per_day=2)
    for _ in range(2):
        mine = claim(customer().pk, by=alice, now=NOW)
        release(mine, by=alice, reason="no_need")
    assert refusal(customer(), alice, NOW).reason == "claims_per_day"
    assert claim(customer().pk, by=alice, now=NOW + timedelta(days=1)).owner == alice


def test_two_claims_keep_their_interval(alice, pool):
    set_limits(pool, claim_interval=30)
    claim(customer().pk, by=alice, now=NOW)
    assert refusal(customer(), alice, NOW + timedelta(minutes=29)).reason == "interval"
    assert claim(customer().pk, by=alice, now=NOW + timedelta(minutes=30)).owner == alice


def test_the_former_owner_cools_down_and_others_do_not(alice, bob, pool):
    set_limits(pool, cooldown_days=10)
    lost = release(customer(owner=alice), by=alice, reason="no_need")
    entered = lost.entered_pool_at
    assert refusal(lost, alice, entered + timedelta(days=9)).reason == "cooldown"
    assert claim(lost.pk, by=bob).owner == bob
    lost = release(customer(owner=alice), by=alice, reason="no_need")
    assert claim(lost.pk, by=alice, now=lost.entered_pool_at + timedelta(days=10)).owner == alice


def test_a_fresh_entry_rests(bob, pool):
    set_limits(pool, freeze_hours=24)
    fresh = customer()
    assert refusal(fresh, bob, fresh.entered_pool_at + timedelta(hours=23)).reason == "freeze"
    assert claim(fresh.pk, by=bob, now=fresh.entered_pool_at + timedelta(hours=24)).owner == bob


def test_a_refusal_leaves_no_trace(alice, bob, pool):
    taken = customer(owner=bob)
    before = Customer.objects.values().get(pk=taken.pk)
    assert refusal(taken, alice).reason == "taken"
    assert refusal(taken, bob).reason == "yours"
    assert Customer.objects.values().get(pk=taken.pk) == before
    assert not PoolClaim.objects.exists() and not Event.objects.filter(verb="claim").exists()


def test_a_claim_in_bulk_reports_each_row(alice, bob, pool):
    set_limits(pool, holding_cap=1)
    won, taken, refused = customer("Won"), customer("Taken", owner=bob), customer("Refused")
    results = claim_each([won.pk, won.pk, taken.pk, refused.pk, 10**9], by=alice)
    assert [(r.name, r.is_won, r.reason) for r in results] == [
        ("Won", True, ""), ("Taken", False, "taken"), ("Refused", False, "holding_cap"), ("", False, "gone"),
    ]  # fmt: skip
    assert bob.name in results[1].message


def test_who_was_faster_is_told_for_a_day_and_to_those_of_the_pool(alice, bob, pool):
    prize = customer()
    claim(prize.pk, by=bob)
    pools = Pool.objects.visible_to(alice)
    assert who_took(prize.pk, pools) == bob
    assert who_took(prize.pk, pools.none()) is None
    assert who_took(prize.pk, pools, now=timezone.now() + timedelta(days=2)) is None
    assert who_took(customer(owner=bob).pk, pools) is None


def test_pools_are_seen_by_their_members(alice, bob, erin, olga, nobody, pool):
    closed = Pool.objects.create(name="Key accounts")
    closed.memberships.create(user=bob)
    seen = {person.username: set(Pool.objects.visible_to(person)) for person in (alice, bob, erin, olga, nobody)}
    both = {pool, closed}
    assert seen == {"alice": {pool}, "bob": both, "erin": both, "olga": both, "nobody": set()}


def test_who_lost_a_customer_cools_down_also_when_a_colleague_had_it_between(alice, bob, pool):
    set_limits(pool, cooldown_days=10)
    lost = release(customer(owner=alice), by=alice, reason="no_need")
    release(claim(lost.pk, by=bob), by=bob, reason="no_need")
    entered = Event.objects.filter(verb="release", by=alice).get().at
    assert refusal(lost, alice, entered + timedelta(days=9)).reason == "cooldown"
    assert claim(lost.pk, by=alice, now=entered + timedelta(days=10)).owner == alice


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "won"), [({"claims_per_day": 3}, 3), ({"claim_interval": 30}, 1)])
def test_limits_of_time_are_exact_when_she_clicks_in_many_windows(pool, north, limit, won):
    set_limits(pool, **limit)
    greedy = factories.person("greedy", "account_manager", team=north)
    rows = [customer(f"C{n}") for n in range(8)]
    results = in_threads(8, lambda place: _claimed(rows[place].pk, greedy))
    assert results.count(True) == won == Customer.objects.filter(owner=greedy).count() == PoolClaim.objects.count()


@pytest.mark.django_db(transaction=True)
def test_claims_in_bulk_at_once_share_the_customers_and_keep_the_cap(pool, north):
    set_limits(pool, holding_cap=4)
    people = [factories.person(f"p{n}", "account_manager", team=north) for n in range(2)]
    ids = [customer(f"C{n}").pk for n in range(10)]
    results = in_threads(2, lambda place: claim_each(ids if place else ids[::-1], by=people[place]))
    assert [sum(row.is_won for row in rows) for rows in results] == [4, 4]
    assert all(row.is_won or row.reason in ("holding_cap", "taken") for rows in results for row in rows)
    assert all(row.owner == people[1 - place].pk for place in (0, 1) for row in results[place] if row.is_gone)
    assert Customer.objects.filter(owner__in=people).count() == PoolClaim.objects.count() == 8
