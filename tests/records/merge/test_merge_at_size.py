"""Two customers with 10,000 links each become one, and two again, within a minute and to the last column."""

import time

import pytest
from django.db import connection

from customers.models import Activity, Contact, Task
from records.merge.run import merge
from records.undo import undo_batch
from tests.records.merge.full import everything, full_customer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LINKS = {Activity: 6_000, Contact: 2_000, Task: 2_000}
SECONDS = 60


@pytest.fixture
def two(alice, charlie, bob):
    pair = (
        full_customer(alice, name="Acme GmbH", number="1", helper=bob),
        full_customer(charlie, name="ACME", number="2", helper=bob),
    )
    for customer in pair:
        for model, number in LINKS.items():
            multiply(model.objects.filter(customer=customer).first(), number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return pair


def multiply(row, number):
    """So many more of the same row; the numbers of a contact are rows of their own, and copies have none."""
    if isinstance(row, Contact):
        row.is_main, row.external_id, row.email, row.phone = False, "", "", ""
    rows = []
    for _place in range(number):
        copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        copy.pk = None
        rows.append(copy)
    type(row).objects.bulk_create(rows, batch_size=2_000)


def test_a_merge_of_20_000_links_and_its_undo_restore_everything_within_a_minute(two, olga):
    keep, drop = two
    before = everything()
    started = time.monotonic()
    batch = merge(keep, drop, by=olga)
    merged = time.monotonic()
    for model, number in LINKS.items():
        assert model.objects.filter(customer=keep).count() >= 2 * number
        assert not model.objects.filter(customer=drop).exists()
    result = undo_batch(batch, by=olga)
    undone = time.monotonic()
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert not result.left
    print(f"merge {merged - started:.1f} s, undo {undone - merged:.1f} s")
    assert merged - started < SECONDS and undone - merged < SECONDS
