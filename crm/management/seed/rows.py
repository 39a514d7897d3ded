"""Rows to measure on: an empty system filled by a few statements per table, in one transaction.

Triggers and foreign keys rest meanwhile, because the rows are right by construction (a test holds that); indexes are
dropped first and made again at the end, which is many times quicker than keeping them up.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from accounts.models import Company
from crm.management.seed.filling import Filling, ids_of, run
from crm.management.seed.row_customers import fill_customers
from crm.management.seed.row_leads import fill_leads
from crm.management.seed.row_names import make_names
from crm.management.seed.row_people import fill_people
from crm.management.seed.row_sales import fill_opportunities, fill_orders, fill_products, plan_orders
from customers.search import copy_contacts, copy_customers
from leads.search import copy_leads
from leads.way import refresh_all_ways
from sales.search import copy_opportunities, index_products

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
PORTION = 20_000
TABLES = (
    "customers_customer", "customers_contact", "customers_contactpoint", "customers_activity",
    "customers_customersearch",
    "customers_contactsearch", "leads_lead", "leads_leadsearch", "sales_opportunity", "sales_opportunitysearch",
    "sales_stagestay", "sales_order", "sales_orderline", "sales_instalment", "sales_receipt", "sales_settlement",
    "sales_product", "records_event",
)  # fmt: skip


def make_rows(size: str, seed: int, *, say: Callable[[str], Any], customers: int | None = None) -> None:
    """``customers`` instead of ``size`` for tests. Nothing is left of a run that was interrupted."""
    filling = Filling(customers or SIZES[size], seed, say)
    Company.get()
    with transaction.atomic(), _nothing_watches(), _without_indexes(say):
        make_names()
        fill_people(filling)
        plan_orders(filling)
        fill_customers(filling)
        fill_leads(filling)
        fill_products(filling)
        fill_opportunities(filling)
        fill_orders(filling)
        _fill_search(say)
        _set_counters()
    refresh_all_ways()


@contextmanager
def _nothing_watches() -> Iterator[None]:
    try:
        run("SET LOCAL session_replication_role = replica")
    except ProgrammingError as error:
        raise CommandError("Seeding at this size needs a superuser of the database.") from error
    yield
    run("SET LOCAL session_replication_role = origin")


@contextmanager
def _without_indexes(say: Callable[[str], Any]) -> Iterator[None]:
    dropped = _indexes()
    for name, _definition in dropped:
        run(f'DROP INDEX "{name}"')
    yield
    say("Making indexes")
    run("SET LOCAL maintenance_work_mem = '512MB'")
    for name, definition in dropped:
        began = time.monotonic()
        run(definition)
        if (took := time.monotonic() - began) > 5:
            say(f"  {name}: {took:.0f} s")


def _indexes() -> list[tuple[str, str]]:
    """Those that no constraint stands on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = ANY(%s::text[]::regclass[]) AND NOT i.indisprimary"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY c.relname",
            [list(TABLES)],
        )
        return cursor.fetchall()


def _fill_search(say: Callable[[str], Any]) -> None:
    say("Making search rows")
    for table, copy in (
        ("customers_customer", copy_customers),
        ("customers_contact", copy_contacts),
        ("leads_lead", copy_leads),
        ("sales_opportunity", copy_opportunities),
    ):
        run(f"ANALYZE {table}")
        last = ids_of(f"SELECT max(id) FROM {table}")[0]
        for start in range(1, last + 1, PORTION):
            copy(range(start, min(start + PORTION, last + 1)))
        say(f"  {table.partition('_')[2]}: {last:,}")
    index_products(ids_of("SELECT id FROM sales_product"))


def _set_counters() -> None:
    """New rows get numbers after those that were given here."""
    for table in (*TABLES, "accounts_user"):
        if not table.endswith("search"):
            run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
