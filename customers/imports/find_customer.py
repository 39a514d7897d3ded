"""To which customer a row belongs: by its number elsewhere, else by its name without legal form.

Adds nothing by itself: ``linked`` fills the stage column ``customer_id``; what fits several is left open.
"""

from django.db import connection

from accounts import access
from customers.models import Customer
from records.imports.load import STAGE, Load

DERIVED = {"customer_key": "text", "customer_id": "bigint"}


def link_customers(load: Load, *, number: str = "customer_number", name: str = "customer") -> None:
    """``customer_id`` of the rows in play; ``-1`` where several fit. Within the author's reach."""
    reach, params = _reach(load)
    keys = ((number, "external_system = '' AND t.external_id"), (f"{name}_key", "company_key"))
    for mine, theirs in keys:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE {STAGE} s SET customer_id = m.id FROM (
                        SELECT k.value, CASE WHEN count(*) = 1 THEN min(t.id) ELSE -1 END AS id
                        FROM (SELECT DISTINCT {mine} AS value FROM {STAGE}
                              WHERE state = 'a' AND customer_id IS NULL AND coalesce({mine}, '') <> '') k
                        JOIN customers_customer t ON t.{theirs} = k.value AND t.deleted_at IS NULL {reach}
                        GROUP BY k.value) m
                    WHERE s.{mine} = m.value AND s.state = 'a' AND s.customer_id IS NULL""",
                params,
            )


def _reach(load: Load) -> tuple[str, tuple]:
    if load.is_everywhere:
        return "", ()
    mine = Customer._base_manager.filter(access.as_q(load.by, Customer, "view")).order_by().values("pk")
    sql, params = mine.query.sql_with_params()
    return f"AND t.id IN ({sql})", params
