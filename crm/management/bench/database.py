"""The kept database of a size: brought up to date, and filled when it is empty."""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from customers.models import Customer
from records.search.tidy import tidy


def make_ready(size: str, *, say: Callable[[str], Any]) -> None:
    """Applies migrations that came since the last run; seeds once, always with the same seed.

    The search is tidied as beat does it every few minutes: here no beat runs.
    """
    migrate(say=say)
    if not Customer._base_manager.exists():
        say(f"Seeding {size}, once")
        call_command("seed", size=size)
    tidy()


def migrate(*, say: Callable[[str], Any]) -> None:
    """Says what is applied to a database that was kept."""
    pending = _pending()
    if not pending:
        return
    if "customers_customer" in connection.introspection.table_names():
        say(f"Applying {len(pending)} new migrations to the kept database: {', '.join(pending)}")
    call_command("migrate", interactive=False, verbosity=0)


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
