"""What follows from orders for their customers: the day of the last one, then state and life cycle."""

from collections.abc import Iterable

from django.db import connection

from customers.derived import derive
from sales.models.order import COUNTED

_LAST_ORDER = """
WITH held AS (
    SELECT k.id, o.last FROM customers_customer k CROSS JOIN LATERAL (
        SELECT max(o.confirmed_on) AS last FROM sales_order o
        WHERE o.customer_id = k.id AND o.deleted_at IS NULL AND o.state = ANY(%(counted)s)) o
    WHERE k.id IN (SELECT customer_id FROM sales_order WHERE id = ANY(%(orders)s))
    ORDER BY k.id FOR UPDATE OF k
), written AS (
    UPDATE customers_customer c SET last_order_on = h.last FROM held h
    WHERE c.id = h.id AND c.last_order_on IS DISTINCT FROM h.last
)
SELECT id FROM held
"""


def derive_buyers_of(orders: Iterable[int]) -> None:
    """For the customers of these orders; the last order's day resets the rules of the pools."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ORDER, {"orders": list(orders), "counted": list(map(str, COUNTED))})
        customers = [pk for (pk,) in cursor.fetchall()]
    derive(customers)
