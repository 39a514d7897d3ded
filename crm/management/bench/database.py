"""The kept database of a size: brought up to date, and filled when it is empty."""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from customers.models import Customer


def make_ready(size: str, *, say: Callable[[str], Any]) -> None:
    """Applies migrations that came since the last run, and says so; seeds once, always with the same seed."""
    pending = _pending()
    if pending:
        is_kept = "customers_customer" in connection.introspection.table_names()
        if is_kept:
            say(f"Applying {len(pending)} new migrations to the kept database: {', '.join(pending)}")
        call_command("migrate", interactive=False, verbosity=0)
    if not Customer._base_manager.exists():
        say(f"Seeding {size}, once")
        call_command("seed", size=size)


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
