"""Several people at one moment: one merge, one clear refusal, and nothing that was written is lost."""

import datetime

import pytest

from customers.log_activity import log_activity
from customers.models import Activity, Customer
from records.merge.late import follow_late
from records.merge.run import merge
from records.models import Alias, Batch
from records.refusals import Refused
from tests.customers import makers
from tests.threads import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_crosswise", [False, True])
def test_two_who_merge_the_same_pair_end_in_one_merge_and_one_refusal(alice, olga, is_crosswise):
    one, other = makers.customer("One", owner=alice), makers.customer("Other", owner=alice)
    roles = [(one.pk, other.pk), (other.pk, one.pk) if is_crosswise else (one.pk, other.pk)]
    loaded = [(Customer.objects.get(pk=keep), Customer.objects.get(pk=drop)) for keep, drop in roles]

    def work(pair):
        try:
            return merge(*pair, by=olga)
        except Refused as refusal:
            return refusal

    results = at_once(work, loaded)
    assert sorted(type(result).__name__ for result in results) == ["Batch", "Refused"]
    refusal = next(result for result in results if isinstance(result, Refused))
    assert refusal.reason == "deleted"
    assert (Batch.objects.count(), Alias.objects.count(), Customer.objects.live().count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_call_noted_at_the_moment_of_the_merge_is_seen_on_the_one_that_stands(alice, olga):
    for _round in range(5):
        keep, drop = makers.customer("Keep", owner=alice), makers.customer("Drop", owner=alice)
        seen = Customer.objects.get(pk=drop.pk)
        work = {
            "merge": lambda keep=keep, drop=drop: merge(keep, drop, by=olga),
            "log": lambda seen=seen: log_activity(seen, {"type": "call", "content": "Now"}, by=alice),
        }
        at_once(lambda name, work=work: work[name](), list(work))
        assert Activity.objects.get(content="Now").customer_id == keep.pk
        keep.refresh_from_db()
        assert keep.last_contact_at is not None
        Activity.objects.all().delete()


@pytest.mark.django_db
def test_what_was_written_to_a_merged_customer_goes_over_at_night(alice, olga):
    keep, drop = makers.customer("Keep", owner=alice), makers.customer("Drop", owner=alice)
    merge(keep, drop, by=olga)
    late = makers.task(alice, "Late", customer=drop, due_at=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC))
    assert follow_late("customer") == 1
    late.refresh_from_db()
    assert late.customer_id == keep.pk
