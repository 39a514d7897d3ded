import pytest

from accounts import access
from records.models import Batch, Event
from records.refusals import Refused
from records.undo import undo_batch
from sales.bulk_assign import VERB, assign_portion
from sales.models import Opportunity
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals(alice):
    acme = customer(owner=alice)
    return [makers.opportunity(f"D{number}", owner=alice, customer=acme) for number in range(3)]


def assign(deals, to, by):
    batch = Batch.start(VERB, by=by)
    done = assign_portion([deal.pk for deal in deals], by=by, values={"to": to.pk}, batch=batch).done
    batch.finish(moved=done)
    batch.save(update_fields=["params"])
    return batch, done


def owners():
    return list(Opportunity.objects.order_by("name").values_list("owner__name", flat=True))


def test_many_are_given_in_one_go_with_team_event_and_reading_of_the_customer(deals, alice, charlie, olga):
    batch, done = assign([*deals, makers.opportunity("His", owner=charlie)], charlie, olga)
    assert done == 3
    assert set(owners()) == {"Charlie"}
    assert set(Opportunity.objects.values_list("team", flat=True)) == {charlie.team_id}
    events = Event.objects.filter(batch=batch, verb="assign")
    assert [event.facts for event in events] == [{"from": alice.pk, "to": charlie.pk}] * 3
    assert {event.by for event in events} == {olga}
    assert access.covers(charlie, deals[0].customer)
    deals[0].refresh_from_db()
    assert deals[0].version == 2


def test_undo_gives_back_what_stood_still_and_names_who_moved_the_rest(deals, alice, bob, charlie, tess, olga):
    batch, _done = assign(deals, charlie, olga)
    deals[1].assign(bob, by=tess)
    assert undo_batch(batch, by=olga, dry_run=True).restored == 2
    assert owners() == ["Charlie", "Bob", "Charlie"]
    result = undo_batch(batch, by=olga)
    assert (result.restored, [(row["id"], row["by"]) for row in result.left]) == (2, [(deals[1].pk, "Tess")])
    assert owners() == ["Alice", "Bob", "Alice"]
    assert not access.covers(charlie, deals[0].customer)


def test_nobody_who_left_is_given_any(deals, charlie, olga):
    charlie.is_active = False
    charlie.save()
    with pytest.raises(Refused):
        assign(deals, charlie, olga)
    assert set(owners()) == {"Alice"}


def test_the_list_offers_it_to_those_who_assign(signed_in, alice, tess):
    def actions(person):
        return [str(action["label"]) for action in signed_in(person).get("/sales/opportunities/").context["actions"]]

    assert "Assign" in actions(tess)
    assert actions(alice) == ["Change", "Add tag", "Remove tag", "Delete"]
