"""Likely pairs: what they share, what a person said, and that a switchboard makes none."""

import pytest
from django.utils import timezone

from customers.models import Customer, PointKind
from customers.points import Point, add_point
from records.jobs import run_job
from records.merge.pairs import MOST_HITS, find_pairs, judge_different, pairs_for
from records.merge.run import merge
from records.models import LikelyPair
from records.undo import undo_batch
from tests.customers import makers
from tests.leads.makers import lead

pytestmark = pytest.mark.django_db


def with_mail(name, owner, *addresses):
    made = makers.customer(name, owner=owner)
    for address in addresses:
        add_point(made, Point(PointKind.EMAIL, address), by=owner)
    return made


def find():
    find_pairs("customer", Customer.objects.values_list("pk", flat=True))
    return {(pair.low_id, pair.high_id): pair for pair in LikelyPair.objects.all()}


def test_the_signals_add_up_and_the_likeliest_comes_first(alice, charlie):
    one = with_mail("Acme GmbH", alice, "info@acme.example")
    two = with_mail("ACME", charlie, "info@acme.example")
    three = makers.customer("Acme Ltd", owner=alice)
    pairs = find()
    assert pairs[one.pk, two.pk].signals == ["email", "name", "domain"]
    assert pairs[one.pk, three.pk].signals == ["name"]
    ordered = pairs_for("customer", Customer.objects.all())
    assert ordered.first() == pairs[one.pk, two.pk]


def test_a_domain_alone_makes_no_pair(alice):
    with_mail("One", alice, "a@acme.example")
    with_mail("Two", alice, "b@acme.example")
    assert not find()


@pytest.mark.parametrize(("number", "pairs"), [(MOST_HITS, True), (MOST_HITS + 1, False)])
def test_what_more_than_twenty_share_says_nothing(alice, number, pairs):
    for _place in range(number):
        makers.customer("Trading", owner=alice)
    assert bool(find()) == pairs


def test_any_notation_of_a_number_is_the_same(alice):
    one, two = makers.customer("One", owner=alice), makers.customer("Two", owner=alice)
    add_point(one, Point(PointKind.PHONE, "+49 30 901820"), by=alice)
    add_point(two, Point(PointKind.MOBILE, "+49 (30) 901-820"), by=alice)
    assert find()[one.pk, two.pk].signals == ["phone"]


def test_what_was_judged_is_not_proposed_until_they_share_more(alice, olga):
    one, two = with_mail("One", alice, "x@acme.example"), with_mail("Two", alice, "x@acme.example")
    pair = find()[one.pk, two.pk]
    assert judge_different([pair.pk], by=olga) == 1
    assert find()[one.pk, two.pk].state == "different"
    for each in (one, two):
        add_point(each, Point(PointKind.PHONE, "+49 30 901821"), by=alice)
    again = find()[one.pk, two.pk]
    assert (again.state, again.judged_by, again.judged_at) == ("open", None, None)


def test_the_nightly_search_finds_and_forgets(alice, olga):
    one, two = with_mail("One", alice, "x@acme.example"), with_mail("Two", alice, "x@acme.example")
    outcome = run_job("customers.find_duplicates", now=timezone.now(), dry_run=True)
    assert not LikelyPair.objects.exists()
    outcome = run_job("customers.find_duplicates")
    assert (outcome.moved, LikelyPair.objects.count()) == (1, 1)
    assert run_job("customers.find_duplicates").moved == 0
    two.points.all().delete()
    run_job("customers.find_duplicates")
    assert not LikelyPair.objects.exists()
    assert one.pk


def test_a_merge_settles_the_pair_and_its_undo_opens_it(alice, olga):
    one, two = with_mail("One", alice, "x@acme.example"), with_mail("Two", alice, "x@acme.example")
    find()
    batch = merge(one, two, by=olga)
    assert LikelyPair.objects.get().state == "merged"
    undo_batch(batch, by=olga)
    assert LikelyPair.objects.get().state == "open"


def test_only_pairs_of_which_both_are_within_reach(alice, charlie):
    with_mail("One", alice, "x@acme.example"), with_mail("Two", charlie, "x@acme.example")
    find()
    assert pairs_for("customer", Customer.objects.all()).count() == 1
    assert not pairs_for("customer", Customer.objects.visible_to(alice)).exists()


def test_open_leads_are_found_by_either_number(alice):
    from leads.models import Lead

    one, two = lead("One", owner=alice, phone_key="+4930901820"), lead("Two", owner=alice, mobile_key="+4930901820")
    lead("Lost", owner=alice, phone_key="+4930901820", state="converted", customer=makers.customer(owner=alice),
         converted_at=timezone.now())  # fmt: skip
    find_pairs("lead", Lead.objects.values_list("pk", flat=True))
    assert [(pair.low_id, pair.high_id) for pair in LikelyPair.objects.all()] == [(one.pk, two.pk)]
