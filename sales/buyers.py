"""What customers become by their orders: buying at the first confirmed one, repeat at the second; its day."""

from collections.abc import Iterable

from django.db import connection

from sales.models.order import COUNTED

_DERIVE = """
UPDATE customers_customer c SET last_order_on = t.last, state = t.state FROM (
    SELECT k.id, o.last, CASE WHEN o.n > 1 THEN 'repeat' WHEN o.n = 1 THEN 'buying'
           WHEN EXISTS (SELECT 1 FROM sales_opportunity p WHERE p.customer_id = k.id AND p.state = 'open'
                        AND p.deleted_at IS NULL) THEN 'intent' ELSE 'prospect' END AS state
    FROM customers_customer k CROSS JOIN LATERAL (
        SELECT count(*) AS n, max(o.confirmed_on) AS last FROM sales_order o
        WHERE o.customer_id = k.id AND o.deleted_at IS NULL AND o.state = ANY(%(counted)s)) o
    WHERE k.id IN (SELECT customer_id FROM sales_order WHERE id = ANY(%(orders)s))
    ORDER BY k.id FOR UPDATE OF k) t
WHERE c.id = t.id AND (c.last_order_on, c.state) IS DISTINCT FROM (t.last, t.state)
"""


def derive_buyers_of(orders: Iterable[int]) -> None:
    """For the customers of these orders, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_DERIVE, {"orders": list(orders), "counted": list(map(str, COUNTED))})
