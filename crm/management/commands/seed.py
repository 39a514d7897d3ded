import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.models import Team, User
from customers.models import Customer
from leads.models import Lead
from sales.models import Opportunity, Order, Product

# The exit code by which bin/run knows that there is data of somebody else.
HAS_DATA = 3
SIZES = ("demo", "10k", "100k", "1m")


class Command(BaseCommand):
    help = "Fills an empty system: a small company to look around in, or rows to measure on. Same seed, same rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="demo")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        if has_data():
            raise CommandError("This database has data. Seeding is for an empty one.", returncode=HAS_DATA)
        began = time.monotonic()
        if options["size"] == "demo":
            from crm.management.seed.demo import make_demo

            make_demo(options["seed"])
        else:
            from crm.management.seed.rows import make_rows

            make_rows(options["size"], options["seed"], say=self.stdout.write)
        self._report(time.monotonic() - began)

    def _report(self, seconds: float) -> None:
        with connection.cursor() as cursor:
            # The visibility map too: without it every index-only scan visits the table.
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
            cursor.execute(
                "SELECT pg_database_size(current_database()) / 1e9, (SELECT sum(reltuples) FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0)"
            )
            size, rows = cursor.fetchone()
        customers = Customer.objects.count()
        self.stdout.write(f"{customers:,} customers, {rows:,.0f} rows, {size:.2f} GB, {seconds / 60:.1f} minutes")


def has_data() -> bool:
    """People count: their system must not be filled with people whose password everybody knows."""
    kinds = (User, Team, Customer, Lead, Product, Opportunity, Order)
    return any(kind._base_manager.exists() for kind in kinds)
