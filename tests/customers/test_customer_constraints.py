import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.models import Activity, Contact, Customer, Pool, Task
from records.versions import versioned_columns
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("customer_has_an_owner_or_a_pool", {"owner": None}),
        ("customer_invalid_has_a_reason", {"is_valid": False}),
        ("customer_codes_are_known", {"grade": "Z"}),
    ],
)
def test_the_database_refuses_a_customer_that_makes_no_sense(alice, constraint, values):
    row = makers.customer(owner=alice)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Customer.objects.filter(pk=row.pk).update(**values)


def test_a_customer_with_owner_is_in_no_pool(alice):
    row = makers.customer(owner=alice)
    with pytest.raises(IntegrityError, match="customer_has_an_owner_or_a_pool"), transaction.atomic():
        Customer.objects.filter(pk=row.pk).update(pool=Pool.default(), entered_pool_at=timezone.now())


def test_a_customer_is_not_its_own_subsidiary(alice):
    row = makers.customer(owner=alice)
    with pytest.raises(IntegrityError, match="customer_is_not_its_own_subsidiary"), transaction.atomic():
        Customer.objects.filter(pk=row.pk).update(parent=row)


def test_a_customer_has_one_main_contact(alice):
    row = makers.customer(owner=alice)
    makers.contact(row, is_main=True)
    with pytest.raises(IntegrityError, match="contact_one_main"), transaction.atomic():
        makers.contact(row, "Second", is_main=True)


def test_a_number_of_another_system_exists_once(alice):
    makers.customer(owner=alice, external_system="old", external_id="7")
    with pytest.raises(IntegrityError, match="customer_external_id_once"), transaction.atomic():
        makers.customer(owner=alice, external_system="old", external_id="7")


def test_a_closed_task_has_its_moment(alice):
    row = makers.task(alice)
    with pytest.raises(IntegrityError, match="task_closed_has_its_moment"), transaction.atomic():
        Task.objects.filter(pk=row.pk).update(state="done")


@pytest.mark.parametrize("model", [Customer, Contact, Activity, Task])
def test_the_version_watches_what_a_person_edits(model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                       [model._meta.db_table, "raise_version"])  # fmt: skip
        (definition,) = cursor.fetchone()
    watched = set(re.findall(r"old\.\"?(\w+)", definition))
    assert watched == set(versioned_columns(model))


def test_a_derived_fact_raises_no_version(alice):
    row = makers.customer(owner=alice)
    Customer.objects.filter(pk=row.pk).update(last_contact_at=timezone.now(), phone="1")
    row.refresh_from_db()
    assert row.version == 1
    Customer.objects.filter(pk=row.pk).update(city="Bremen")
    row.refresh_from_db()
    assert row.version == 2
