"""Release asks a reason; a supervisor's assign passes the limits; both in bulk are batches that can be undone."""

import pytest

from customers.assign import assign, assign_all
from customers.claim import claim
from customers.models import Contact, Customer, Pool
from customers.release import release, release_all
from messaging.models import Notice
from records.models import Change, Event
from records.refusals import Refused
from records.undo import undo_batch
from tests.customers.makers import contact, customer

pytestmark = pytest.mark.django_db


def test_release_puts_it_into_the_pool_with_its_reason(alice):
    mine = release(customer(owner=alice), by=alice, reason="no_need", note="Calls again in autumn")
    assert (mine.owner, mine.pool, mine.former_owner) == (None, Pool.default(), alice)
    event = Event.objects.get(verb="release")
    assert event.facts == {"from": alice.pk, "pool": Pool.default().pk, "reason": "no_need"}
    assert Change.objects.get(event=event).after == "Calls again in autumn"


def test_release_into_another_pool(alice):
    other = Pool.objects.create(name="Far east")
    assert release(customer(owner=alice), by=alice, reason="out_of_area", pool=other).pool == other


@pytest.mark.parametrize("reason", ["", "because", "x" * 200])
def test_release_without_a_known_reason_is_refused(alice, reason):
    mine = customer(owner=alice)
    with pytest.raises(Refused):
        release(mine, by=alice, reason=reason)
    mine.refresh_from_db()
    assert mine.owner == alice and not Event.objects.filter(verb="release").exists()


def test_what_waits_in_a_pool_cannot_be_released(alice):
    with pytest.raises(Refused) as caught:
        release(customer(), by=alice, reason="no_need")
    assert caught.value.reason == "in_pool"


def test_a_supervisor_assigns_past_the_limits_and_tells(tess, alice, bob):
    Pool.objects.update(holding_cap=0, cooldown_days=9)
    given = assign(customer(owner=bob), to=alice, by=tess)
    assert given.owner == alice
    assert Event.objects.get(verb="assign").facts == {"from": bob.pk, "to": alice.pk}
    assert Notice.objects.get().user == alice


def test_nobody_assigns_to_who_left(tess, alice, bob):
    alice.is_active = False
    alice.save()
    with pytest.raises(Refused) as caught:
        assign(customer(owner=bob), to=alice, by=tess)
    assert caught.value.reason == "inactive"


def test_assigning_many_is_one_batch_one_notice_and_moves_the_contacts_along(tess, alice, bob):
    mine = [customer(f"C{n}", owner=bob) for n in range(4)] + [customer("Pooled"), customer("Hers", owner=alice)]
    person = contact(mine[0])
    batch = assign_all([c.pk for c in mine], to=alice, by=tess)
    assert (batch.counts["moved"], batch.state) == (5, "done")
    assert Customer.objects.filter(owner=alice).count() == 6
    assert Contact.objects.get(pk=person.pk).customer_owner == alice.pk
    assert [(n.user, n.count) for n in Notice.objects.all()] == [(alice, 5)]


def test_undo_of_an_assignment_leaves_what_others_changed_and_says_who(tess, alice, bob, charlie):
    mine = [customer(f"C{n}", owner=bob) for n in range(3)] + [customer("Pooled")]
    batch = assign_all([c.pk for c in mine], to=alice, by=tess)
    assign(mine[0], to=charlie, by=tess)
    foreseen = undo_batch(batch, by=tess, dry_run=True)
    result = undo_batch(batch, by=tess)
    assert foreseen.restored == result.restored == 3
    assert [(row["id"], row["by"]) for row in result.left] == [(mine[0].pk, tess.name)]
    assert [Customer.objects.get(pk=c.pk).owner for c in mine] == [charlie, bob, bob, None]
    assert not Notice.objects.filter(user=alice, batch=batch).exists()
    with pytest.raises(Refused):
        undo_batch(batch, by=tess)


def test_undo_does_not_touch_what_came_back_to_the_same_person_since(tess, alice, bob):
    mine = customer(owner=bob)
    batch = assign_all([mine.pk], to=alice, by=tess)
    release(mine, by=alice, reason="no_need")
    claim(mine.pk, by=alice)
    result = undo_batch(batch, by=tess)
    assert (result.restored, len(result.left)) == (0, 1)


def test_releasing_many_is_a_batch_that_can_be_undone(alice):
    mine = [customer(f"C{n}", owner=alice) for n in range(3)]
    batch = release_all([c.pk for c in mine], by=alice, reason="no_capacity")
    assert Customer.objects.filter(owner=None).count() == 3
    assert undo_batch(batch, by=alice).restored == 3
    assert Customer.objects.filter(owner=alice).count() == 3
