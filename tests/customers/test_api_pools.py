"""``/api/v1/pools``: limits and people of a pool, for those with the right to its rules."""

import pytest

from customers.models import Pool
from records.models import Event
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(api, olga, alice, tess):
    """A pool in which alice claims and tess administers."""
    sent = {"name": "Fair", "claims_per_day": 3, "members": [alice.pk], "administrators": [tess.pk]}
    made = api(olga, "pools", sent)
    assert made.status_code == 201
    assert sent.items() <= made.json().items()
    return Pool.objects.get(pk=made.json()["id"])


def patch(api, person, pool, sent, version=None):
    version = version or Pool.objects.get(pk=pool.pk).version
    return api(person, f"pools/{pool.pk}", sent, method="patch", version=version)


def test_a_new_pool_has_every_limit_off(api, olga):
    made = api(olga, "pools", {"name": "Fair"}).json()
    off = {"holding_cap": None, "claims_per_day": None, "brake_percent": 100, "is_open": False, "members": []}
    assert off.items() <= made.items()


def test_its_administrator_changes_it_and_a_member_may_not(api, fair, tess, alice, charlie):
    assert patch(api, tess, fair, {"holding_cap": 50, "uncounted_grades": ["D"]}).json()["holding_cap"] == 50
    assert patch(api, alice, fair, {"holding_cap": 1}).status_code == 403
    assert patch(api, charlie, fair, {"holding_cap": 1}).status_code == 404
    assert api(tess, "pools", {"name": "Own"}).status_code == 403
    assert Pool.objects.get(pk=fair.pk).holding_cap == 50


def test_members_are_a_whole_list_and_who_is_not_sent_stays(api, fair, olga, alice, bob, tess):
    changed = patch(api, olga, fair, {"members": [alice.pk, bob.pk]}).json()
    assert (changed["members"], changed["administrators"]) == ([alice.pk, bob.pk], [tess.pk])
    event = Event.objects.filter(subject_kind="pool", subject_id=fair.pk, verb="members").latest("pk")
    assert (event.by, event.facts) == (olga, {"added": [bob.pk], "removed": []})


def test_who_saw_the_old_members_is_told(api, fair, olga, bob):
    seen = Pool.objects.get(pk=fair.pk).version
    assert patch(api, olga, fair, {"members": [bob.pk]}, seen).status_code == 200
    assert patch(api, olga, fair, {"members": []}, seen).status_code == 412


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"members": [999_999]}, "members"), ({"brake_percent": 101}, "brake_percent"), ({"name": ""}, "name"),
     ({"uncounted_grades": ["Z"]}, "uncounted_grades.0"), ({"is_default": True}, "is_default")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(api, fair, olga, sent, field):
    answer = patch(api, olga, fair, sent)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_a_pool_in_which_customers_wait_is_neither_switched_off_nor_deleted(api, fair, olga):
    makers.customer("Acme", pool=fair)
    assert patch(api, olga, fair, {"is_active": False}).json()["reason"] == "in_use"
    assert api(olga, f"pools/{fair.pk}", method="delete").json()["reason"] == "in_use"
    assert Pool.objects.get(pk=fair.pk).is_active


def test_only_what_was_never_of_use_is_deleted(api, fair, olga, tess):
    assert api(tess, f"pools/{fair.pk}", method="delete").status_code == 403
    assert api(olga, f"pools/{fair.pk}", method="delete").status_code == 204
    assert api(olga, f"pools/{Pool.default().pk}", method="delete").json()["reason"] == "default"
    assert Event.objects.filter(subject_kind="pool", subject_id=fair.pk, verb="delete", by=olga).exists()


def test_a_pool_that_is_off_is_seen_by_those_who_may_switch_it_on(api, fair, olga, alice):
    assert patch(api, olga, fair, {"is_active": False}).status_code == 200
    assert [row["id"] for row in api(olga, "pools?is_active=false").json()["items"]] == [fair.pk]
    assert api(alice, f"pools/{fair.pk}").status_code == 404
    assert patch(api, olga, fair, {"is_active": True}).json()["is_active"] is True


# --- claims in bulk ---


def test_a_claim_in_bulk_reports_each_row(api, alice, bob):
    from customers.claim import claim

    Pool.objects.update(holding_cap=1)
    won, taken, late, hidden = (makers.customer(name) for name in ("Won", "Taken", "Late", "Hidden"))
    claim(taken.pk, by=bob)
    hidden.pool = Pool.objects.create(name="Closed")
    hidden.save()
    answer = api(alice, "customers/claim", {"ids": [late.pk, taken.pk, won.pk, hidden.pk, won.pk]}, method="post")
    rows = {row["id"]: (row["won"], row["reason"], row["owner"]) for row in answer.json()["items"]}
    assert rows == {
        won.pk: (True, None, alice.pk), taken.pk: (False, "taken", bob.pk), late.pk: (False, "holding_cap", None),
        hidden.pk: (False, "not_found", None),
    }  # fmt: skip
    assert bob.name in next(row["detail"] for row in answer.json()["items"] if row["id"] == taken.pk)


@pytest.mark.parametrize("sent", [{}, {"ids": []}, {"ids": ["x"]}, {"ids": list(range(1, 300))}, {"ids": [1], "x": 1}])
def test_nonsense_in_a_claim_in_bulk_is_refused(api, alice, sent):
    assert api(alice, "customers/claim", sent, method="post").status_code == 422


def test_a_claim_in_bulk_asks_for_the_right_and_happens_once(api, alice, erin):
    row, key = makers.customer(), {"Idempotency-Key": "k"}
    assert api(erin, "customers/claim", {"ids": [row.pk]}, method="post").status_code == 403
    first = api(alice, "customers/claim", {"ids": [row.pk]}, method="post", headers=key)
    again = api(alice, "customers/claim", {"ids": [row.pk]}, method="post", headers=key)
    assert first.json() == again.json() and first.json()["items"][0]["won"]
