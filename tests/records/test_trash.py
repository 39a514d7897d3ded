import datetime

import pytest
from django.utils import timezone

from customers.models import Contact, Customer
from records.anchors import Anchor, anchors
from records.models import Change, Event, Tag, Tagging
from records.refusals import Refused
from records.trash.purge import purge_trash
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(alice):
    return makers.customer("Acme GmbH", owner=alice)


def test_a_deleted_customer_is_out_of_reach_with_its_contacts(acme, alice):
    makers.contact(acme)
    acme.trash(by=alice)
    assert not Customer.objects.visible_to(alice).exists()
    assert not Contact.objects.visible_to(alice).exists()


def test_restoring_brings_back_what_went_along_and_nothing_else(acme, alice):
    gone_before, along = makers.contact(acme, "Gone before"), makers.contact(acme, "Along")
    gone_before.trash(by=alice)
    acme.trash(by=alice)
    acme.restore(by=alice)
    assert set(Contact.objects.visible_to(alice)) == {along}


def test_deleting_twice_is_refused_and_leaves_one_event(acme, alice):
    acme.trash(by=alice)
    with pytest.raises(Refused):
        acme.trash(by=alice)
    assert Event.objects.filter(verb="delete", subject_id=acme.pk, by=alice).count() == 1


def test_what_money_hangs_on_stays(acme, alice, monkeypatch):
    monkeypatch.setitem(anchors._items, "test", Anchor("customer", lambda record: "An order hangs on it."))
    with pytest.raises(Refused, match="An order hangs on it"):
        acme.trash(by=alice)
    acme.refresh_from_db()
    assert not acme.is_deleted


def test_after_thirty_days_it_is_gone_with_its_history_but_the_events_stay(acme, alice):
    acme.edit({"comment": "Likes tea"}, by=alice)
    Tagging.objects.create(tag=Tag.objects.create(name="tea"), subject_kind="customer", subject_id=acme.pk)
    acme.trash(by=alice)
    now = timezone.now()
    assert purge_trash(now=now + datetime.timedelta(days=29)).moved == 0
    assert purge_trash(now=now + datetime.timedelta(days=31), dry_run=True).moved == 1
    assert Customer.objects.filter(pk=acme.pk).exists()
    assert purge_trash(now=now + datetime.timedelta(days=31)).moved == 1
    assert not Customer.objects.filter(pk=acme.pk).exists()
    assert not Change.objects.exists()
    assert not Tagging.objects.exists()
    assert Event.objects.filter(subject_id=acme.pk, verb="delete").exists()


def test_the_page_shows_only_what_the_person_may_delete(signed_in, acme, alice, bob):
    other = makers.customer("Bob's only", owner=bob)
    acme.trash(by=alice)
    other.trash(by=bob)
    page = signed_in(alice).get("/trash/customer/").content.decode()
    assert "Acme GmbH" in page
    assert "Bob&#x27;s only" not in page
    assert signed_in(alice).post(f"/trash/customer/{other.pk}/restore/").status_code == 404


def test_restoring_from_the_page_brings_it_back(signed_in, acme, alice):
    acme.trash(by=alice)
    answer = signed_in(alice).post(f"/trash/customer/{acme.pk}/restore/")
    assert answer.status_code == 302
    assert Customer.objects.visible_to(alice).filter(pk=acme.pk).exists()


def test_whoever_may_delete_nothing_sees_no_trash(signed_in, erin):
    assert signed_in(erin).get("/trash/").status_code == 404
