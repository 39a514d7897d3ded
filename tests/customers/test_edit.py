from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from customers.judge import mark_invalid, mark_valid
from customers.models import Pool
from customers.ownership import give_one
from customers.protect import protect
from customers.tax import clean_tax_branch, clean_tax_number
from records.models import Change, Event
from records.refusals import EditConflict, Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db


def test_a_new_name_sorts_and_matches_anew(alice):
    row = makers.customer("Old GmbH", owner=alice)
    row.edit({"name": "北京 Neu GmbH"}, by=alice)
    row.refresh_from_db()
    assert (row.sort_key, row.company_key) == ("beijing neu gmbh", "北京 neu")
    assert [(c.field, c.before, c.after) for c in Change.objects.all()] == [("name", "Old GmbH", "北京 Neu GmbH")]


def test_only_a_field_changed_by_both_conflicts(alice, bob):
    row = makers.customer(owner=alice, city="Bonn", street="A 1")
    opened = {"city": "Bonn", "street": "A 1"}
    row.edit({"city": "Köln"}, by=bob)
    row.edit({"city": "Bonn", "street": "B 2"}, by=alice, opened=opened)
    row.refresh_from_db()
    assert (row.city, row.street) == ("Köln", "B 2")
    with pytest.raises(EditConflict) as conflict:
        row.edit({"city": "Hamm", "street": "B 2"}, by=alice, opened=opened)
    assert (conflict.value.fields, conflict.value.by) == ({"city": ("Bonn", "Köln", "Hamm")}, bob)


def test_a_customer_is_never_below_itself(alice):
    top = makers.customer("Top", owner=alice)
    middle = makers.customer("Middle", owner=alice, parent=top)
    low = makers.customer("Low", owner=alice, parent=middle)
    with pytest.raises(Refused, match="subsidiary"):
        top.edit({"parent": low}, by=alice)
    top.refresh_from_db()
    assert top.parent is None and not Event.objects.exists()


def test_a_customer_is_marked_invalid_with_a_reason(alice):
    row = makers.customer(owner=alice)
    with pytest.raises(Refused, match="why"):
        mark_invalid(row, "nonsense", by=alice)
    mark_invalid(row, "closed", by=alice)
    assert (row.is_valid, row.invalid_reason.code) == (False, "closed")
    mark_valid(row, by=alice)
    assert (row.is_valid, row.invalid_reason) == (True, None)


def test_protection_has_an_end_ahead_and_no_place_in_a_pool(alice):
    row = makers.customer(owner=alice)
    until = timezone.now() + timedelta(days=9)
    protect(row, until, by=alice)
    row.refresh_from_db()
    assert row.protected_until == until
    with pytest.raises(Refused):
        protect(row, timezone.now() - timedelta(days=1), by=alice)
    give_one(row, pool=Pool.default(), by=None, verb="recycle")
    with pytest.raises(Refused, match="pool"):
        protect(row, until, by=alice)


def test_a_new_main_contact_replaces_the_former(alice):
    row = makers.customer(owner=alice)
    first, second = makers.contact(row, "First", is_main=True), makers.contact(row, "Second")
    second.edit({"is_main": True}, by=alice)
    first.refresh_from_db()
    assert (first.is_main, second.is_main) == (False, True)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("inn", "7707 083893", "7707083893"),
        ("uscc", "91110000600037341l", "91110000600037341L"),
        ("vat", "DE 136,695 976", "DE136695976"),
        ("other", " ab  12 ", "AB 12"),
    ],
)
def test_a_tax_number_is_kept_compact(kind, typed, kept):
    assert clean_tax_number(kind, typed) == kept


@pytest.mark.parametrize(("kind", "typed"), [("inn", "7707083894"), ("uscc", "123"), ("vat", "DE136695977")])
def test_a_tax_number_with_wrong_check_digits_is_refused(kind, typed):
    with pytest.raises(ValidationError):
        clean_tax_number(kind, typed)


def test_a_kpp_has_nine_signs():
    assert clean_tax_branch("7707 01 001") == "770701001"
    with pytest.raises(ValidationError):
        clean_tax_branch("77070100")
