"""The rules by which facts make a customer's state, life cycle and grade, as SQL (PRODUCT §2, §4).

The expressions read a customer ``c`` and its sums ``o``: ``orders`` that count, of these ``recent`` ones of the last
twelve months, and ``net``, the net of that time.
"""

from django.db import connection

from customers.models import ChurnCase, Customer
from sales.models import Opportunity, Order, OrderReturn
from sales.models.order import COUNTED

CUSTOMER, CHURN, OPPORTUNITY, ORDER, RETURN = (
    connection.ops.quote_name(model._meta.db_table) for model in (Customer, ChurnCase, Opportunity, Order, OrderReturn)
)
COUNTS = f"state IN ({', '.join(repr(str(state)) for state in COUNTED)})"

STATE = f"""CASE WHEN o.orders > 1 THEN 'repeat' WHEN o.orders = 1 THEN 'buying'
    WHEN c.intention_id IS NOT NULL OR EXISTS (SELECT FROM {OPPORTUNITY} p WHERE p.customer_id = c.id
         AND p.state = 'open' AND p.deleted_at IS NULL) THEN 'intent'
    ELSE 'prospect' END"""
# Retained or lost: a churn case has the say.
LIFE_CYCLE = f"""CASE WHEN EXISTS (SELECT FROM {CHURN} h WHERE h.customer_id = c.id
         AND h.state IN ('open', 'deferred') AND h.deleted_at IS NULL) THEN 'retain'
    WHEN EXISTS (SELECT FROM {CHURN} h WHERE h.customer_id = c.id
         AND h.state = 'confirmed' AND h.deleted_at IS NULL) THEN 'lost'
    WHEN o.orders > 0 THEN 'maintain' ELSE 'acquire' END"""
# Above the last one of class A is A, above the last one of class B is B; ties by number, the older customer first.
GRADE = """CASE WHEN c.grade_until >= %(today)s THEN c.grade
    WHEN coalesce(o.recent, 0) = 0 AND coalesce(o.net, 0) <= 0 THEN 'D'
    WHEN (o.net, -c.id) >= (%(a_net)s::numeric, -%(a_id)s::bigint) THEN 'A'
    WHEN (o.net, -c.id) >= (%(b_net)s::numeric, -%(b_id)s::bigint) THEN 'B' ELSE 'C' END"""

# Net by day: confirmed orders, less what was taken back on its own day.
NET = f"""
    SELECT customer_id, confirmed_on AS day, net_company AS net FROM {ORDER}
    WHERE confirmed_on IS NOT NULL AND deleted_at IS NULL
    UNION ALL
    SELECT customer_id, cancelled_on, returned_net_company - net_company FROM {ORDER}
    WHERE cancelled_on IS NOT NULL AND confirmed_on IS NOT NULL AND deleted_at IS NULL
    UNION ALL
    SELECT o.customer_id, r.returned_on, -r.net_company FROM {RETURN} r JOIN {ORDER} o ON o.id = r.order_id
"""
