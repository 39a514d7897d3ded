import pytest

from customers.models import Customer
from records.models import Change, Event
from records.refusals import EditConflict, Refused, StaleVersion
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(alice):
    return makers.customer("Acme GmbH", owner=alice, city="Berlin", comment="old")


def opened(customer, *fields):
    return {name: getattr(customer, name) for name in fields}


def test_different_fields_of_two_people_are_both_kept(acme, alice, bob):
    before = opened(acme, "city", "comment")
    acme.edit({"city": "Hamburg", "comment": "old"}, by=alice, opened=before)
    Customer.objects.get(pk=acme.pk).edit({"city": "Berlin", "comment": "new"}, by=bob, opened=before)
    acme.refresh_from_db()
    assert (acme.city, acme.comment) == ("Hamburg", "new")


def test_the_same_field_changed_by_both_conflicts_and_saves_nothing(acme, alice, bob):
    before = opened(acme, "city", "comment")
    acme.edit({"city": "Hamburg"}, by=alice, opened=before)
    with pytest.raises(EditConflict) as conflict:
        Customer.objects.get(pk=acme.pk).edit({"city": "Munich", "comment": "new"}, by=bob, opened=before)
    assert conflict.value.fields == {"city": ("Berlin", "Hamburg", "Munich")}
    assert conflict.value.by == alice
    acme.refresh_from_db()
    assert (acme.city, acme.comment) == ("Hamburg", "old")


def test_both_changing_to_the_same_is_no_conflict(acme, alice, bob):
    before = opened(acme, "city")
    acme.edit({"city": "Hamburg"}, by=alice, opened=before)
    assert acme.edit({"city": "Hamburg"}, by=bob, opened=before) is None


def test_an_edit_leaves_one_event_with_each_field_before_and_after(acme, alice):
    acme.edit({"city": "Hamburg", "comment": "old"}, by=alice)
    event = Event.objects.get(subject_kind="customer", subject_id=acme.pk, verb="change")
    assert (event.by, event.customer_id, event.facts) == (alice, acme.pk, {"fields": ["city"]})
    assert list(event.changes.values_list("field", "before", "after")) == [("city", "Berlin", "Hamburg")]


def test_the_event_itself_holds_no_typed_text(acme, alice):
    acme.edit({"comment": "Her secret"}, by=alice)
    assert "secret" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_saving_without_a_change_leaves_no_event(acme, alice):
    assert acme.edit({"city": "Berlin"}, by=alice) is None
    assert not Event.objects.exists()


def test_each_edit_raises_the_version_once_and_derived_facts_do_not(acme, alice):
    acme.edit({"city": "Hamburg", "comment": "new"}, by=alice)
    assert acme.version == 2
    Customer.objects.filter(pk=acme.pk).update(phone="+491")
    acme.refresh_from_db()
    assert acme.version == 2


def test_whatever_road_changes_a_field_the_version_rises(acme):
    Customer.objects.filter(pk=acme.pk).update(city="Bonn")
    acme.refresh_from_db()
    assert acme.version == 2


def test_a_version_that_is_not_the_one_seen_is_refused(acme, alice):
    acme.edit({"city": "Hamburg"}, by=alice, version=1)
    with pytest.raises(StaleVersion) as stale:
        acme.edit({"city": "Bonn"}, by=alice, version=1)
    assert stale.value.version == 2


def test_what_lies_in_the_trash_is_not_edited(acme, alice):
    acme.trash(by=alice)
    with pytest.raises(Refused):
        acme.edit({"city": "Bonn"}, by=alice)
    assert not Change.objects.exists()


def test_a_field_that_nobody_edits_is_a_mistake_of_ours(acme, alice):
    with pytest.raises(ValueError, match="owner"):
        acme.edit({"owner": alice}, by=alice)
