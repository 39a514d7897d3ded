import pytest
from django.core.exceptions import ValidationError

from customers.create import NewContact, add_contact, create_customer
from customers.models import ContactPoint, Customer, Pool
from customers.points import Point, add_point, remove_point, set_main
from records.models import Event
from records.refusals import Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db


def test_a_customer_comes_with_its_contacts_and_points(alice):
    row = create_customer(
        {"name": "上海星辰科技有限公司", "country": "CN"}, by=alice,
        points=[Point("phone", "021-1234 5678")],
        contacts=[
            NewContact({"name": "", "family_name": "王", "given_name": "小明"}, [Point("email", "Wang@Xing.cn")]),
        ],
    )  # fmt: skip
    assert (row.owner, row.team, row.state, row.sort_key) == (
        alice,
        alice.team,
        "prospect",
        "shanghaixingchenkejiyouxiangongsi",
    )
    assert (row.phone, row.email, row.company_key) == ("021-1234 5678", "Wang@Xing.cn", "上海星辰科技")
    contact = row.contacts.get()
    assert (contact.name, contact.is_main, contact.email, contact.customer_owner) == (
        "王小明",
        True,
        "Wang@Xing.cn",
        alice.pk,
    )
    assert set(row.points.values_list("normalised", flat=True)) == {"+862112345678", "wang@xing.cn"}
    assert list(Event.objects.order_by("id").values_list("verb", "subject_kind", "by")) == [
        ("create", "customer", alice.pk), ("create", "contact", alice.pk)
    ]  # fmt: skip


def test_a_customer_for_a_pool_has_no_owner(olga):
    row = create_customer({"name": "Acme"}, by=olga, pool=Pool.default())
    assert (row.owner, row.pool, row.assigned_at) == (None, Pool.default(), None)


def test_a_wrong_number_leaves_no_trace(alice):
    with pytest.raises(ValidationError, match="not a phone number"):
        create_customer({"name": "Acme"}, by=alice, points=[Point("phone", "call me")])
    assert not Customer.objects.exists() and not Event.objects.exists()


def test_what_was_typed_twice_is_noted_once(alice):
    row = create_customer({"name": "A"}, by=alice, points=[Point("email", "a@b.de"), Point("email", "A@B.de")])
    assert row.points.count() == 1
    with pytest.raises(Refused, match="already"):
        add_point(row, Point("email", "a@B.de"), by=alice)


def test_lists_show_the_main_point(alice):
    row = create_customer({"name": "A"}, by=alice, points=[Point("email", "a@b.de"), Point("email", "c@d.de")])
    assert row.email == "a@b.de"
    set_main(ContactPoint.objects.get(value="c@d.de"), by=alice)
    row.refresh_from_db()
    assert row.email == "c@d.de"
    remove_point(ContactPoint.objects.get(value="c@d.de"), by=alice)
    row.refresh_from_db()
    assert row.email == "a@b.de"
    assert list(row.points.values_list("value", flat=True)) == ["a@b.de"]


def test_the_first_contact_is_the_main_one_until_another_is(alice):
    row = makers.customer(owner=alice)
    first = add_contact(row, {"name": "First"}, by=alice)
    second = add_contact(row, {"name": "Second"}, by=alice)
    third = add_contact(row, {"name": "Third", "is_main": True}, by=alice)
    for contact in (first, second, third):
        contact.refresh_from_db()
    assert [first.is_main, second.is_main, third.is_main] == [False, False, True]
