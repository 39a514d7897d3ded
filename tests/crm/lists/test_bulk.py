"""Actions on many rows: what is chosen, what is allowed, what is told, and the way back."""

import pytest

from crm.lists import bulk as engine
from customers.models import Customer
from records.dictionary import entry_by_code
from records.models import Batch, Change, Collaborator, Event, Tag, Tagging
from records.undo import undo_batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db
URL = "/lists/customers/do/"


@pytest.fixture
def alices(alice):
    return [customer(f"Firma {number}", owner=alice) for number in range(3)]


def confirm(client, action, rows=None, query="", **values):
    """Posts the action on these rows, or on all of the filter, as the preview's button does."""
    chosen = {"scope": "filter"} if rows is None else {"ids": [row.pk for row in rows]}
    return client.post(f"{URL}{action}/", {"query": query, "confirm": "1", **chosen, **values})


def industry(code="retail"):
    return entry_by_code("industry", code)


def test_the_preview_changes_nothing(signed_in, alice, alices):
    page = signed_in(alice).post(f"{URL}edit/", {"ids": [row.pk for row in alices]})
    assert page.status_code == 200
    assert "Firma 0" in page.content.decode()
    assert not Batch.objects.exists()


def test_changing_a_field_of_the_selected_rows(signed_in, alice, alices):
    answer = confirm(signed_in(alice), "edit", alices[:2], industry=industry().pk)
    assert answer.status_code == 302
    assert set(Customer.objects.filter(industry=industry())) == set(alices[:2])
    batch = Batch.objects.get()
    assert (batch.state, batch.counts["done"], batch.by) == ("done", 2, alice)
    events = Event.objects.filter(batch=batch)
    assert {event.by_id for event in events} == {alice.pk}
    assert {event.customer_id for event in events} == {row.pk for row in alices[:2]}
    changes = Change.objects.filter(event__batch=batch)
    assert {(change.before, change.after) for change in changes} == {(None, industry().pk)}


def test_a_change_raises_the_version(signed_in, alice, alices):
    confirm(signed_in(alice), "edit", alices[:1], industry=industry().pk)
    alices[0].refresh_from_db()
    assert alices[0].version == 2


def test_undo_restores_what_nobody_changed_since(signed_in, alice, alices):
    confirm(signed_in(alice), "edit", alices, industry=industry().pk)
    alices[0].refresh_from_db()
    alices[0].edit({"industry": industry("finance")}, by=alice)
    result = undo_batch(Batch.objects.get(), by=alice)
    assert (result.restored, [left["id"] for left in result.left]) == (2, [alices[0].pk])
    assert list(Customer.objects.exclude(industry=None)) == [alices[0]]


def test_all_rows_of_the_filter_and_no_others_are_changed(signed_in, alice, bob, alices):
    other = customer("Bobs", owner=bob, grade="A")
    Customer.objects.filter(pk__in=[row.pk for row in alices[:2]]).update(grade="A")
    confirm(signed_in(alice), "edit", None, "grade=A", industry=industry().pk)
    assert set(Customer.objects.filter(industry=industry())) == set(alices[:2])
    other.refresh_from_db()
    assert other.industry is None


def test_rows_that_may_only_be_read_are_reported_and_stay(signed_in, alice, charlie, alices):
    shared = customer("Shared", owner=charlie)
    Collaborator.objects.create(subject_kind="customer", subject_id=shared.pk, user=alice)
    answer = confirm(signed_in(alice), "edit", None, industry=industry().pk)
    batch = Batch.objects.get()
    assert batch.counts == {"done": 3, "refused": 1, "seen": 4}
    shared.refresh_from_db()
    assert shared.industry is None
    page = signed_in(alice).get(answer.url).content.decode()
    assert "Shared" in page and "You may not do this here." in page


def test_numbers_out_of_reach_are_no_choice(signed_in, alice, charlie, alices):
    foreign = customer("Foreign", owner=charlie)
    confirm(signed_in(alice), "edit", [foreign], industry=industry().pk)
    foreign.refresh_from_db()
    assert foreign.industry is None
    assert not Batch.objects.exists()


def test_who_may_not_change_anything_gets_403(signed_in, erin, alices):
    assert confirm(signed_in(erin), "edit", alices, industry=industry().pk).status_code == 403
    assert not Batch.objects.exists()


def test_a_double_click_makes_one_batch(signed_in, alice, alices):
    for _click in range(2):
        confirm(signed_in(alice), "tag", alices, tag="VIP", once="k1")
    assert Batch.objects.count() == 1


def test_nothing_to_change_is_said_in_the_form(signed_in, alice, alices):
    assert confirm(signed_in(alice), "edit", alices).status_code == 422


def test_a_value_can_be_taken_away(signed_in, alice, alices):
    Customer.objects.update(industry=industry())
    confirm(signed_in(alice), "edit", alices[:1], empty_industry="on")
    assert list(Customer.objects.filter(industry=None)) == alices[:1]


def test_tags_are_added_removed_and_taken_back(signed_in, alice, alices):
    client = signed_in(alice)
    confirm(client, "tag", alices[:2], tag="VIP")
    tag = Tag.objects.get()
    assert tagged(tag) == {row.pk for row in alices[:2]}
    confirm(client, "untag", alices, tag=tag.pk)
    assert tagged(tag) == set()
    undo_batch(Batch.objects.latest("id"), by=alice)
    assert tagged(tag) == {row.pk for row in alices[:2]}
    undo_batch(Batch.objects.earliest("id"), by=alice)
    assert tagged(tag) == set()


def tagged(tag):
    return set(Tagging.objects.filter(tag=tag).values_list("subject_id", flat=True))


def test_deleted_rows_go_into_the_trash_and_come_back(signed_in, alice, alices):
    confirm(signed_in(alice), "delete", alices[:2])
    assert list(Customer.objects.live()) == alices[2:]
    undo_batch(Batch.objects.get(), by=alice)
    assert Customer.objects.live().count() == 3


def test_undo_is_one_click_away(signed_in, alice, alices):
    client = signed_in(alice)
    confirm(client, "tag", alices, tag="VIP")
    batch = Batch.objects.get()
    assert f"/lists/customers/batches/{batch.pk}/undo/" in client.get("/customers/").content.decode()
    assert client.post(f"/lists/customers/batches/{batch.pk}/undo/").status_code == 302
    assert not Tagging.objects.exists()


def test_a_batch_goes_on_where_it_was_killed(monkeypatch, alice, alices):
    monkeypatch.setattr(engine, "PORTION", 1)
    batch = started(alice, alices)
    calls = []

    def dies_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return real(*args, **kwargs)

    real = engine._keep
    monkeypatch.setattr(engine, "_keep", dies_at_the_second)
    with pytest.raises(SystemExit):
        engine.run_bulk(batch)
    monkeypatch.setattr(engine, "_keep", real)
    engine.run_bulk(Batch.objects.get())
    batch.refresh_from_db()
    assert batch.counts == {"done": 3, "refused": 0, "seen": 3}
    assert batch.events.count() == 3


def test_a_right_taken_away_meanwhile_stops_the_rest(alice, alices):
    batch = started(alice, alices)
    alice.user_roles.all().delete()
    engine.run_bulk(Batch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    assert batch.counts == {"done": 0, "refused": 3, "seen": 3}


def started(user, rows):
    from django.http import QueryDict

    from crm.lists.asked import Asked
    from customers.lists import customer_list

    asked = Asked(customer_list, QueryDict(), user)
    action = customer_list.action("tag")
    return engine.start_bulk(asked, action, [row.pk for row in rows], {"tag": "VIP"}, total=len(rows))


def test_many_rows_run_in_the_background(signed_in, alice, alices, monkeypatch, django_capture_on_commit_callbacks):
    from crm.lists import bulk_views

    sent = []
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    monkeypatch.setattr(bulk_views.run_bulk_batch, "delay_on_commit", sent.append)
    answer = confirm(signed_in(alice), "tag", alices, tag="VIP")
    batch = Batch.objects.get()
    assert sent == [batch.pk]
    assert batch.state == "running"
    assert "every 1s" in signed_in(alice).get(answer.url).content.decode()
    bulk_views.run_bulk_batch(batch.pk)
    assert Tagging.objects.count() == 3


def test_what_a_killed_worker_left_is_started_again(alice, alices, monkeypatch):
    import datetime

    from django.utils import timezone

    from crm.lists import sweep

    batch, sent = started(alice, alices), []
    monkeypatch.setattr(sweep.run_bulk_batch, "delay", sent.append)
    now = timezone.now()
    assert sweep.resume_batches(now=now).moved == 0
    assert sweep.resume_batches(now=now + datetime.timedelta(minutes=3)).moved == 1
    assert sent == [batch.pk]


def test_a_supervisor_gives_customers_away_and_takes_it_back(signed_in, tess, alice, bob, alices):
    confirm(signed_in(tess), "assign", alices[:2], to=bob.pk)
    assert set(Customer.objects.filter(owner=bob)) == set(alices[:2])
    batch = Batch.objects.get()
    assert (batch.verb, batch.counts["done"]) == ("assign_customers", 2)
    assert undo_batch(batch, by=tess).restored == 2
    assert Customer.objects.filter(owner=alice).count() == 3


def test_nobody_is_given_customers_who_is_out_of_reach(signed_in, tess, charlie, alices):
    assert confirm(signed_in(tess), "assign", alices, to=charlie.pk).status_code == 422
    assert not Batch.objects.exists()


def test_an_account_manager_has_no_button_to_assign(signed_in, alice, alices):
    assert "/do/assign/" not in signed_in(alice).get("/customers/").content.decode()
    assert confirm(signed_in(alice), "assign", alices, to=alice.pk).status_code == 403
