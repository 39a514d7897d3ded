"""How far a lead ever came: to a customer with intent, an opportunity, a quote, a win (PRODUCT §11: whole way).

The furthest step stands on the lead, so that the report counts an index. Facts count from the conversion on: what a
customer had before is not the lead's doing, but the opportunity that the conversion opened is.
"""

from typing import Any

from django.db import connection

from accounts.models import Company

_REFRESH = """
UPDATE leads_lead l SET way_step = d.step FROM (
    SELECT l.id, l.way_step AS before, CASE
        WHEN o.won THEN 4
        WHEN EXISTS (SELECT FROM sales_quote q WHERE q.customer_id = l.customer_id AND q.deleted_at IS NULL
             AND q.sent_at >= l.converted_at) THEN 3
        WHEN o.number > 0 THEN 2
        WHEN l.way_step = 1 OR c.state <> 'prospect' THEN 1
        ELSE 0 END AS step
    FROM leads_lead l JOIN customers_customer c ON c.id = l.customer_id CROSS JOIN LATERAL (
        SELECT count(*) AS number, bool_or(p.state = 'won') AS won FROM sales_opportunity p
        WHERE p.customer_id = l.customer_id AND p.deleted_at IS NULL AND (p.id = l.opportunity_id
           OR coalesce(p.opened_on, p.created_at::date) >= (l.converted_at AT TIME ZONE %(zone)s)::date)
    ) o
    WHERE l.state = 'converted' AND {which}
) d WHERE l.id = d.id AND d.step <> d.before
"""


def refresh_way(customers: list[int]) -> None:
    """For the leads that became these customers; called wherever a fact of theirs changes (customers.derived)."""
    _refresh("l.customer_id = ANY(%(customers)s)", customers=customers)


def refresh_all_ways() -> None:
    """For every lead: after rows were written without verbs."""
    _refresh("true")


def _refresh(which: str, **params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH.format(which=which), {**params, "zone": Company.get().zone.key})
