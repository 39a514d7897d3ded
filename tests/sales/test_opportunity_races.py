"""Two people at one opportunity at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from records.models import Event
from records.refusals import Refused
from sales.models import Opportunity
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs):
    """Runs the verbs in threads that start together; True for each that was not refused."""
    start = Barrier(len(verbs))

    def run(verb):
        try:
            start.wait()
            verb()
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def same(deal):
    return Opportunity.objects.get(pk=deal.pk)


def test_won_and_lost_at_once_gives_one_of_them(alice):
    reason = makers.reason()
    for _round in range(5):
        deal = makers.opportunity(owner=alice, customer=customer(owner=alice))
        one, other = same(deal), same(deal)
        done = at_once(lambda one=one: one.win(by=alice), lambda other=other: other.lose(reason, by=alice))
        assert sorted(done) == [False, True]
        deal.refresh_from_db()
        assert deal.state == ("won" if done[0] else "lost")
        assert Event.objects.filter(subject_id=deal.pk, verb__in=["win", "lose"]).count() == 1


def test_two_drags_of_one_card_at_once_move_it_once(alice):
    deal = makers.opportunity(owner=alice)
    seen = deal.stage_id
    stages = [makers.stage(order) for order in (2, 3, 4)]
    cards = [same(deal) for _stage in stages]
    done = at_once(*[
        lambda card=card, stage=stage: card.move(stage, by=alice, seen=seen)
        for card, stage in zip(cards, stages, strict=True)
    ])  # fmt: skip
    assert sorted(done) == [False, False, True]
    assert deal.stays.count() == 2
    assert deal.stays.filter(left_at=None).count() == 1


def test_products_added_at_once_are_all_in_the_sum(alice):
    from sales.lines import add_line

    deal, pump = makers.opportunity(owner=alice), makers.product()
    copies = [same(deal) for _number in range(4)]
    assert all(at_once(*[lambda copy=copy: add_line(copy, pump, by=alice) for copy in copies]))
    deal.refresh_from_db()
    assert deal.amount == 400
