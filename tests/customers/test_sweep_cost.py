"""The run over 100,000 customers costs at most twice the hand-written SQL that changes the same rows and logs them."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.claim import claim
from customers.models import Customer, Pool, RecycleRule
from customers.models.pool import install_default_pool
from customers.recycle import PORTION, recycle
from customers.undo import undo_ownership
from records.models import Batch, Event

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NUMBER = 100_000
_FILL = """
INSERT INTO customers_customer (
    name, sort_key, company_key, owner_id, team_id, assigned_at, last_contact_at, created_at,
    version, is_person, given_name, family_name, patronymic, greeting, state, life_cycle, grade, is_valid, currency,
    website, tax_kind, tax_number, tax_branch, country, city, street, postcode, focus_points, language, comment,
    external_id, external_system, phone, email)
SELECT 'C' || n, 'c' || n, '', %(owner)s, %(team)s, %(then)s, %(then)s, %(then)s - n * interval '1 second',
    1, false, '', '', '', '', 'prospect', 'acquire', (ARRAY['A','B','C','D'])[1 + n %% 4], true, '',
    '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''
FROM generate_series(1, %(number)s) n
"""
_FLOOR = """
WITH u AS (
    UPDATE customers_customer SET former_owner_id = owner_id, owner_id = NULL, team_id = NULL, pool_id = %(pool)s,
        entered_pool_at = %(now)s
    WHERE id IN (SELECT id FROM customers_customer WHERE id > %(after)s AND owner_id IS NOT NULL
                 AND last_contact_at < %(limit)s ORDER BY id LIMIT %(portion)s FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, former_owner_id
)
INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(now)s, 'recycle', 'customer', id, id, %(batch)s, jsonb_build_object('from', former_owner_id) FROM u
RETURNING subject_id
"""


@pytest.fixture
def filled(alice):
    install_default_pool()
    RecycleRule.objects.create(pool=Pool.default(), name="Cold", is_active=True, idle_days=30)
    then = timezone.now() - timedelta(days=40)

    def fill():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE customers_customer, records_event CASCADE")
            cursor.execute(_FILL, {"owner": alice.pk, "team": alice.team_id, "then": then, "number": NUMBER})
            cursor.execute("VACUUM ANALYZE customers_customer")

    return fill


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_hand():
    after, now = 0, timezone.now()
    told = {"now": now, "limit": now - timedelta(days=30), "pool": Pool.default().pk, "portion": PORTION}
    told["batch"] = Batch.start("test", by=None).pk
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FLOOR, {**told, "after": after})
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        after = max(ids)


def test_the_run_costs_at_most_twice_the_floor(filled, capsys):
    floors, ours = [], []
    for _ in range(2):
        filled()
        floors.append(seconds(by_hand))
        filled()
        ours.append(seconds(lambda: recycle(now=timezone.now())))
        assert Event.objects.filter(verb="recycle").count() == NUMBER
        assert not Customer.objects.filter(owner__isnull=False).exists()
    with capsys.disabled():
        print(f" recycle 100k: {min(ours):.1f} s, floor {min(floors):.1f} s, ratio {min(ours) / min(floors):.2f}")
    assert min(ours) <= 2 * min(floors)


def test_an_undo_of_100_000_rows_takes_less_than_a_minute_and_lists_who_changed_some_since(filled, alice, bob):
    filled()
    batch = recycle(now=timezone.now()).batch
    claimed = sorted(Customer.objects.order_by("pk").values_list("pk", flat=True)[:NUMBER:20_000])
    for pk in claimed:
        claim(pk, by=bob)
    results = []
    assert seconds(lambda: results.append(undo_ownership(batch, by=None, dry_run=False))) < 60
    assert results[0].restored == NUMBER - len(claimed)
    assert sorted((row["id"], row["by"]) for row in results[0].left) == [(pk, bob.name) for pk in claimed]
    assert Customer.objects.filter(owner=alice).count() == NUMBER - len(claimed)
