"""The nightly run over 100,000 customers costs at most twice the hand-written SQL that changes the same rows."""

import datetime
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.models import Customer
from customers.undo_derived import undo_derived
from records.models import Batch, Event
from sales.derive_nightly import PORTION, derive_nightly

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NUMBER = 100_000
_CUSTOMERS = """
INSERT INTO customers_customer (
    name, sort_key, company_key, owner_id, team_id, assigned_at, created_at,
    version, is_person, given_name, family_name, patronymic, greeting, state, life_cycle, grade, is_valid, currency,
    website, tax_kind, tax_number, tax_branch, country, city, street, postcode, focus_points, language, comment,
    external_id, external_system, phone, email)
SELECT 'C' || n, 'c' || n, '', %(owner)s, %(team)s, now(), now() - n * interval '1 second',
    1, false, '', '', '', '', 'intent', 'acquire', 'D', true, '',
    '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''
FROM generate_series(1, %(number)s) n
"""
# Half of them bought once this year, a fifth of these twice.
_ORDERS = """
INSERT INTO sales_order (version, created_at, number, customer_id, owner_id, team_id, currency, prices_include_tax,
    terms, net, tax, gross, cost, state, ordered_on, confirmed_on, their_number, net_company, owner_at_confirm_id,
    team_at_confirm_id, received, external_id, external_system)
SELECT 1, now(), 'X-' || row_number() OVER (), c.id, c.owner_id, c.team_id, 'EUR', false, '',
    100 + c.id %% 997, 0, 100 + c.id %% 997, 0, 'confirmed', %(day)s, %(day)s, '', 100 + c.id %% 997, c.owner_id,
    c.team_id, 0, '', ''
FROM customers_customer c CROSS JOIN generate_series(1, 2) k WHERE c.id %% 2 = 0 AND (k = 1 OR c.id %% 10 = 0)
"""
_BORDERS = """
SELECT min(net) FILTER (WHERE before < total * 0.8), min(net) FILTER (WHERE before < total * 0.95) FROM (
    SELECT net, sum(net) OVER () AS total, sum(net) OVER (ORDER BY net DESC, id) - net AS before FROM (
        SELECT customer_id AS id, sum(net_company) AS net FROM sales_order
        WHERE confirmed_on > %(since)s AND deleted_at IS NULL GROUP BY 1) s) r
"""
_FLOOR = """
WITH facts AS (
    SELECT customer_id, count(*) AS orders, sum(net_company) AS net FROM sales_order
    WHERE customer_id > %(after)s AND customer_id <= %(last)s AND confirmed_on > %(since)s AND deleted_at IS NULL
    GROUP BY 1
), u AS (
    UPDATE customers_customer c SET
        state = CASE WHEN f.orders > 1 THEN 'repeat' WHEN f.orders = 1 THEN 'buying' ELSE 'prospect' END,
        life_cycle = CASE WHEN f.orders > 0 THEN 'maintain' ELSE 'acquire' END,
        grade = CASE WHEN f.net >= %(a)s THEN 'A' WHEN f.net >= %(b)s THEN 'B' WHEN f.net > 0 THEN 'C' ELSE 'D' END
    FROM customers_customer k LEFT JOIN facts f ON f.customer_id = k.id
    WHERE c.id = k.id AND k.id > %(after)s AND k.id <= %(last)s RETURNING c.id, c.state, c.grade
)
INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(now)s, 'derive', 'customer', id, id, %(batch)s, jsonb_build_object('state', state, 'grade', grade) FROM u
"""


@pytest.fixture
def filled(alice):
    def fill():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE customers_customer, records_event CASCADE")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(_CUSTOMERS, {"owner": alice.pk, "team": alice.team_id, "number": NUMBER})
            cursor.execute(_ORDERS, {"day": timezone.localdate() - datetime.timedelta(days=30)})
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE customers_customer")
            cursor.execute("VACUUM ANALYZE sales_order")

    return fill


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_hand():
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[PORTION - 1 :: PORTION])
    told = {"now": timezone.now(), "since": timezone.localdate() - datetime.timedelta(days=365), "after": 0}
    told["batch"] = Batch.start("test", by=None).pk
    with connection.cursor() as cursor:
        cursor.execute(_BORDERS, told)
        told["a"], told["b"] = cursor.fetchone()
    for last in ids:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FLOOR, {**told, "last": last})
        told["after"] = last


def test_the_run_costs_at_most_twice_the_floor(filled, capsys):
    floors, ours = [], []
    for _ in range(2):
        filled()
        floors.append(seconds(by_hand))
        assert Event.objects.count() == NUMBER
        filled()
        ours.append(seconds(lambda: derive_nightly(now=timezone.now())))
        assert Event.objects.filter(verb="derive").count() == NUMBER
    undone = seconds(lambda: undo_derived(Batch.objects.get(verb="customers.derive", pk=Batch.objects.latest("pk").pk),
                                          by=None, dry_run=False))  # fmt: skip
    assert Customer.objects.filter(state="intent", life_cycle="acquire", grade="D").count() == NUMBER
    ratio = min(ours) / min(floors)
    with capsys.disabled():
        print(f"\nfloor {min(floors):.2f} s, ours {min(ours):.2f} s, {ratio:.2f} ×; undo {undone:.1f} s")
    assert ratio <= 2
