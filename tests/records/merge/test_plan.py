"""What the page shows is what comes: for any two customers and any choices."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.merge import UNITS, mergeable
from customers.models import Customer, PointKind
from customers.points import Point, add_point
from records.merge.kinds import BOTH, DROP, KEEP
from records.merge.plan import plan_merge
from records.merge.run import merge
from records.tagging import add_tags
from tests.customers import makers

pytestmark = pytest.mark.django_db

TEXT = st.sampled_from(["", "one", "two", "one\n\ntwo"])
VALUES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Acme GmbH", "ACME", "Other"]),
        "city": TEXT, "street": TEXT, "website": TEXT, "comment": TEXT, "focus_points": TEXT, "tax_number": TEXT,
        "employees": st.none() | st.integers(0, 3), "is_person": st.booleans(),
        "grade": st.sampled_from("ABCD"), "external_id": st.sampled_from(["", "x"]),
    }
)  # fmt: skip
CHOICES = st.dictionaries(
    st.sampled_from([unit.name for unit in UNITS] + ["points", "tags"]), st.sampled_from([KEEP, DROP, BOTH, "nonsense"])
)
THINGS = st.sets(st.integers(0, 3))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES, THINGS, THINGS, THINGS, THINGS, CHOICES, st.booleans())
def test_the_preview_is_the_result(alice, bob, olga, left, right, points, more, tags, others, choices, same_owner):
    pair = []
    for place, (values, owner, numbers, names) in enumerate(
        [(left, alice, points, tags), (right, alice if same_owner else bob, more, others)]
    ):
        number = f"{values['external_id']}{place}" if values["external_id"] else ""
        made = makers.customer(owner=owner, **{**values, "external_id": number, "external_system": "erp"})
        for one in sorted(numbers):
            add_point(made, Point(PointKind.EMAIL, f"p{one}@acme.example"), by=owner)
        if names:
            add_tags(made, [f"tag {one}" for one in sorted(names)], by=owner)
        pair.append(Customer.objects.get(pk=made.pk))
    keep, drop = pair
    plan = plan_merge(keep, drop, choices)
    values, lists = plan.values, {one.listed.name: set(one.result) for one in plan.lists}
    merge(Customer.objects.get(pk=keep.pk), drop, by=olga, choices=choices)
    stands = Customer.objects.get(pk=keep.pk)
    assert {name: getattr(stands, name) for name in values} == values
    for one in plan_merge(stands, makers.customer("Empty", owner=alice)).lists:
        assert set(one.left) == lists[one.listed.name], one.listed.name
    Customer._base_manager.filter(pk__in=[keep.pk, drop.pk]).update(external_id="")


def test_what_is_empty_is_filled_and_what_differs_stays(alice, bob):
    keep = makers.customer("Acme GmbH", owner=alice, website="acme.example", comment="Mine")
    drop = makers.customer("ACME", owner=bob, website="other.example", city="Berlin", comment="Theirs")
    values = plan_merge(keep, drop).values
    assert (values["name"], values["website"], values["city"]) == ("Acme GmbH", "acme.example", "Berlin")
    assert values["comment"] == "Mine\n\nTheirs"
    assert values["owner_id"] == alice.pk


def test_an_address_is_taken_over_whole(alice, bob):
    keep = makers.customer(owner=alice, city="Berlin", street="Here 1")
    drop = makers.customer(owner=bob, city="Hamburg", country="DE")
    values = plan_merge(keep, drop, {"address": DROP}).values
    assert (values["city"], values["street"], values["country"]) == ("Hamburg", "", "DE")


def test_an_owner_comes_before_a_pool(alice, olga):
    waiting, owned = makers.customer("Waiting"), makers.customer("Owned", owner=alice)
    assert plan_merge(waiting, owned).values["owner_id"] == alice.pk
    assert plan_merge(owned, waiting).values["owner_id"] == alice.pk
    merge(waiting, owned, by=olga)
    stands = Customer.objects.get(pk=waiting.pk)
    assert (stands.owner, stands.pool, stands.entered_pool_at) == (alice, None, None)


def test_nothing_goes_to_somebody_who_left(alice, bob):
    keep, drop = makers.customer(owner=alice), makers.customer(owner=bob)
    bob.is_active = False
    bob.save()
    drop.refresh_from_db()
    assert plan_merge(keep, drop, {"holder": DROP}).values["owner_id"] == alice.pk


def test_a_parent_that_goes_up_in_its_child_is_no_parent(alice, olga):
    parent = makers.customer("Parent", owner=alice)
    between = makers.customer("Between", owner=alice, parent=parent)
    child = makers.customer("Child", owner=alice, parent=between)
    merge(child, parent, by=olga)
    between.refresh_from_db()
    child.refresh_from_db()
    assert (child.parent_id, between.parent_id) == (None, child.pk)


def test_a_number_elsewhere_goes_over_and_comes_back(alice, olga):
    from records.undo import undo_batch

    keep = makers.customer(owner=alice)
    drop = makers.customer(owner=alice, external_system="erp", external_id="7")
    batch = merge(keep, drop, by=olga)
    drop.refresh_from_db()
    assert (keep.external_id, drop.external_id) == ("7", "")
    undo_batch(batch, by=olga)
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert (keep.external_id, drop.external_id) == ("", "7")


def test_who_may_merge_reaches_the_pools_that_she_sees(alice, olga):
    waiting, owned = makers.customer("Waiting"), makers.customer("Owned", owner=alice)
    assert set(mergeable(olga)) == {waiting, owned}
    assert not mergeable(alice).exists()
