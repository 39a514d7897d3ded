"""Many churn cases decided at once from their list: what it refuses is listed, what it did is taken back by undo."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.churn.case import confirm, defer, open_case
from customers.models import ChurnCase, Customer
from records.models import Batch, DictionaryEntry, Event
from records.undo import undo_batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

UNTIL = (timezone.now() + timedelta(days=30)).date()


def cases(owner, number=3):
    return [open_case(customer(f"C{n}", owner=owner), by=owner) for n in range(number)]


def decide(client, action, rows, **values):
    given = {"ids": [row.pk for row in rows], "confirm": "1", **values}
    return client.post(reverse("lists:bulk", args=["churn", action]), given, follow=True)


def stands():
    fields = ("state", "measures", "deferred_until", "reason__code", "competitor", "confirmed_on", "end_note")
    return list(ChurnCase.objects.order_by("pk").values_list(*fields))


def price():
    return DictionaryEntry.objects.get(list="churn_reason", code="price")


def test_many_are_deferred_at_once_and_stand_as_before_after_undo(alice, signed_in):
    rows = cases(alice)
    defer(rows[0], "An earlier visit", UNTIL, by=alice)
    ChurnCase.objects.filter(pk=rows[0].pk).update(state="open")  # came back open, with what was noted
    before = stands()
    decide(signed_in(alice), "defer", rows, measures="A visit", until=UNTIL.isoformat())
    assert stands() == [("deferred", "A visit", UNTIL, None, "", None, "")] * 3
    batch = Batch.objects.get(verb="defer_churn")
    events = Event.objects.filter(batch=batch, verb="defer")
    assert {(event.by, tuple(event.facts["state"])) for event in events} == {(alice, ("open", "deferred"))}
    assert "A visit" not in str(list(events.values_list("facts", flat=True)))
    assert (undo_batch(batch, by=alice).restored, stands()) == (3, before)
    assert set(Customer.objects.values_list("life_cycle", flat=True)) == {"retain"}


def test_many_are_confirmed_at_once_whose_loss_it_was_is_stamped_and_undo_brings_them_back(alice, signed_in):
    rows = cases(alice)
    defer(rows[0], "A visit", UNTIL, by=alice)
    before = stands()
    decide(signed_in(alice), "confirm", rows, reason="price", competitor="Globex", note="Too dear")
    today = ChurnCase.objects.first().confirmed_on
    assert [(row[0], *row[3:]) for row in stands()] == [("confirmed", "price", "Globex", today, "Too dear")] * 3
    assert set(ChurnCase.objects.values_list("owner_at_confirm", "team_at_confirm")) == {(alice.pk, alice.team_id)}
    assert set(Customer.objects.values_list("life_cycle", flat=True)) == {"lost"}
    assert undo_batch(Batch.objects.get(verb="confirm_churn"), by=alice).restored == 3
    assert stands() == before and not ChurnCase.objects.exclude(owner_at_confirm=None).exists()


def test_what_its_state_forbids_is_listed_with_the_state(alice, signed_in):
    rows = cases(alice)
    confirm(rows[1], price(), by=alice)
    page = decide(signed_in(alice), "defer", rows, measures="A visit", until=UNTIL.isoformat()).text
    assert "It is confirmed" in page
    assert [row[0] for row in stands()] == ["deferred", "confirmed", "deferred"]


def test_only_what_she_may_change_is_decided(alice, bob, erin, signed_in):
    rows = cases(alice)
    for person in (bob, erin):
        decide(signed_in(person), "defer", rows, measures="A visit", until=UNTIL.isoformat())
    assert {row[0] for row in stands()} == {"open"}


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("defer", {"measures": "", "until": UNTIL.isoformat()}), ("defer", {"measures": "x", "until": "2020-01-01"}),
        ("defer", {"measures": "x", "until": "2999-01-01"}), ("confirm", {"reason": ""}), ("confirm", {"reason": "x"}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_where_it_was_typed(alice, signed_in, action, values):
    assert decide(signed_in(alice), action, cases(alice, 1), **values).status_code == 422
    assert stands()[0][0] == "open" and not Batch.objects.exists()


def test_what_was_decided_otherwise_since_is_left_and_listed(alice, signed_in):
    rows = cases(alice)
    decide(signed_in(alice), "defer", rows, measures="A visit", until=UNTIL.isoformat())
    confirm(ChurnCase.objects.get(pk=rows[0].pk), price(), by=alice)
    result = undo_batch(Batch.objects.get(), by=alice)
    assert (result.restored, [row["id"] for row in result.left]) == (2, [rows[0].pk])
