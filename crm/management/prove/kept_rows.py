"""Puts a kept database back as it was before a proof that committed: customers, and what the run wrote of them."""

from collections.abc import Callable

from django.db import connection, transaction

_COLUMNS = (
    "owner_id", "team_id", "pool_id", "former_owner_id", "assigned_at", "entered_pool_at", "protected_until", "version",
)  # fmt: skip
_LISTED = ", ".join(_COLUMNS)
# What a run writes besides, in the order in which it may be taken away.
_WRITTEN = ("messaging_notice", "records_jobrun", "records_event", "records_batch")


def keep() -> None:
    """Before the proof. One table, which also says that there is something to put back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE prove_customer AS SELECT id, {_LISTED} FROM customers_customer")
        cursor.execute("ALTER TABLE prove_customer ADD PRIMARY KEY (id)")
        highest = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table}) AS {table}" for table in _WRITTEN)
        cursor.execute(f"CREATE TABLE prove_highest AS SELECT {highest}")
        cursor.execute("CREATE TABLE prove_rule AS SELECT id, is_active FROM customers_recyclerule")
        cursor.execute("CREATE TABLE prove_pool AS SELECT id, brake_percent FROM customers_pool")


def last_event() -> int:
    return _highest("records_event")


def put_back(say: Callable[[str], None]) -> None:
    """Nothing to do where nothing is kept. Triggers rest: this is no change of the business."""
    if "prove_customer" not in connection.introspection.table_names():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE customers_customer c SET ({_LISTED}) = ROW({', '.join(f'k.{name}' for name in _COLUMNS)})"
            f" FROM prove_customer k WHERE k.id = c.id AND k.version <> c.version"
        )
        changed = cursor.rowcount
        for table in _WRITTEN:
            cursor.execute(f"DELETE FROM {table} WHERE id > %s", [_highest(table)])
        cursor.execute("DELETE FROM customers_recyclerule WHERE id NOT IN (SELECT id FROM prove_rule)")
        cursor.execute("UPDATE customers_recyclerule r SET is_active = k.is_active FROM prove_rule k WHERE k.id = r.id")
        cursor.execute(
            "UPDATE customers_pool p SET brake_percent = k.brake_percent FROM prove_pool k WHERE k.id = p.id"
        )
        cursor.execute("DROP TABLE prove_customer, prove_highest, prove_rule, prove_pool")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customer, records_event")
    say(f"  {changed:,} customers stand as before")


def _highest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table} FROM prove_highest")
        return cursor.fetchone()[0]
