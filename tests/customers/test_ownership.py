import pytest
from django.utils import timezone

from customers.models import Customer, Pool
from customers.ownership import give, give_each, give_one
from records.models import Batch, Event
from records.refusals import Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db


def test_giving_stamps_owner_team_and_moment(alice, charlie, olga):
    row = makers.customer(owner=alice)
    assert give_one(row, to=charlie, by=olga, verb="assign", reason="other")
    assert (row.owner, row.team, row.former_owner, row.pool) == (charlie, charlie.team, alice, None)
    event = Event.objects.get(subject_kind="customer", subject_id=row.pk, verb="assign")
    assert (event.by, event.customer_id) == (olga, row.pk)
    assert event.facts == {"from": alice.pk, "to": charlie.pk, "reason": "other"}
    assert row.version == 2


def test_a_customer_falls_into_a_pool_and_comes_back(alice, bob):
    row = makers.customer(owner=alice, protected_until=timezone.now())
    pool = Pool.default()
    give_one(row, pool=pool, by=None, verb="recycle", rule=7)
    assert (row.owner, row.team, row.pool, row.former_owner, row.protected_until) == (None, None, pool, alice, None)
    assert row.entered_pool_at is not None
    give_one(row, to=bob, by=bob, verb="claim")
    assert (row.owner, row.pool, row.entered_pool_at, row.former_owner) == (bob, None, None, alice)
    assert Event.objects.get(verb="recycle").facts == {"from": alice.pk, "pool": pool.pk, "rule": 7}
    assert Event.objects.get(verb="claim").facts == {"to": bob.pk, "from_pool": pool.pk}


def test_giving_to_the_owner_changes_nothing(alice):
    row = makers.customer(owner=alice)
    assert not give_one(row, to=alice, by=alice, verb="assign")
    assert not Event.objects.filter(verb="assign").exists()


def test_the_copies_at_contacts_and_tasks_follow_a_gain(alice, charlie):
    row = makers.customer(owner=alice)
    contact, task = makers.contact(row), makers.task(alice, customer=row)
    give([row.pk], to=charlie, by=None, verb="assign")
    for follower in (contact, task):
        follower.refresh_from_db()
        assert (follower.customer_owner, follower.customer_team) == (charlie.pk, charlie.team_id)


def test_a_batch_gives_each_to_a_person_of_its_own_in_one_statement(alice, bob, charlie, django_assert_num_queries):
    rows = [makers.customer(f"Firm {n}", owner=alice) for n in range(4)]
    batch = Batch.start("handover", by=None)
    owners = {row.pk: (bob, charlie)[n % 2] for n, row in enumerate(rows)}
    with django_assert_num_queries(3):
        moved = give_each(owners, by=None, verb="handover", batch=batch)
    assert sorted(moved) == [row.pk for row in rows]
    assert dict(Customer.objects.values_list("pk", "owner_id")) == {pk: person.pk for pk, person in owners.items()}
    assert batch.events.count() == 4


def test_what_lies_in_the_trash_is_not_given(alice, bob):
    row = makers.customer(owner=alice)
    row.trash(by=alice)
    assert give([row.pk], to=bob, by=None, verb="assign") == []


def test_nobody_gives_to_a_person_who_left(alice, bob):
    bob.is_active = False
    bob.save()
    row = makers.customer(owner=alice)
    with pytest.raises(Refused, match="not active"):
        give([row.pk], to=bob, by=None, verb="assign")
    row.refresh_from_db()
    assert row.owner == alice
