"""Rows to measure on: the same seed gives the same rows, and they keep what resting triggers and keys would hold."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from crm import normalise
from crm.management.seed.rows import TABLES, make_rows
from customers.models import Contact, ContactSearch, Customer, CustomerSearch
from customers.models.pool import install_default_pool
from leads.models import Lead
from sales.models import Opportunity, Order, Product

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
_EMPTIED = ", ".join((*TABLES, "customers_pool", "sales_numbercounter", "accounts_user", "accounts_team"))


@pytest.fixture
def rows():
    yield lambda seed=7, customers=1_000: make_rows("10k", seed, say=lambda line: None, customers=customers)
    empty()


def empty():
    asked(f"TRUNCATE {_EMPTIED} RESTART IDENTITY CASCADE")
    install_default_pool()


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def test_the_same_seed_gives_the_same_rows_and_another_one_does_not(rows):
    found = []
    for seed in (7, 7, 8):
        rows(seed, 400)
        found.append(asked("SELECT count(*), sum(hashtext(concat(id, name, owner_id IS NULL, grade, phone)))"
                           " FROM customers_customer"))  # fmt: skip
        empty()
    assert found[0] == found[1] != found[2]


def test_counts_follow_the_customers_and_a_third_lies_in_the_pools(rows):
    rows()
    assert (Customer.objects.count(), Contact.objects.count(), Lead.objects.count()) == (1_000, 2_000, 2_000)
    assert (Opportunity.objects.count(), Order.objects.count(), Product.objects.count()) == (1_000, 500, 100)
    assert Customer.objects.filter(pool__isnull=False).count() == 300
    assert Customer.objects.filter(owner__username="person001").count() == 50
    assert (CustomerSearch.objects.count(), ContactSearch.objects.count()) == (1_000, 2_000)


def test_totals_parts_and_receipts_are_what_the_triggers_would_hold(rows):
    rows()
    for wrong in (
        "SELECT o.id FROM sales_order o JOIN sales_orderline l ON l.order_id = o.id GROUP BY o.id"
        " HAVING sum(l.amount) <> o.net OR round_money(sum(l.amount * l.tax_rate / 100), 'EUR') <> o.tax"
        " OR o.gross <> o.net + o.tax OR sum(l.cost * l.quantity) <> o.cost",
        "SELECT o.id FROM sales_order o JOIN sales_instalment i ON i.order_id = o.id GROUP BY o.id"
        " HAVING sum(i.amount) <> o.gross OR sum(i.received) <> o.received",
        "SELECT i.id FROM sales_instalment i LEFT JOIN sales_settlement s ON s.instalment_id = i.id GROUP BY i.id"
        " HAVING coalesce(sum(s.amount), 0) <> i.received",
        "SELECT o.id FROM sales_opportunity o JOIN sales_stagestay s ON s.opportunity_id = o.id GROUP BY o.id"
        " HAVING count(*) FILTER (WHERE s.left_at IS NULL) <> CASE WHEN o.state = 'open' THEN 1 ELSE 0 END",
    ):
        assert asked(wrong) is None


def test_every_foreign_key_leads_to_a_row(rows):
    rows()
    connection.check_constraints()


def test_the_last_activity_stands_on_the_customer(rows):
    rows()
    assert asked("SELECT c.id FROM customers_customer c JOIN customers_activity a ON a.customer_id = c.id"
                 " GROUP BY c.id HAVING max(a.at) <> c.last_contact_at OR count(*) <> 10") is None  # fmt: skip


def test_sort_keys_are_those_that_a_form_would_write(rows):
    rows()
    for name, key, company in Customer.objects.values_list("name", "sort_key", "company_key"):
        assert (key, company) == (normalise.sort_key(name), normalise.company_key(name))


def test_every_index_is_there_again(rows):
    before = asked("SELECT array_agg(indexdef ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'")
    rows(customers=200)
    assert before == asked("SELECT array_agg(indexdef ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'")


def test_a_second_seed_is_refused(rows):
    rows(customers=200)
    with pytest.raises(CommandError, match="has data"):
        call_command("seed", size="10k")
