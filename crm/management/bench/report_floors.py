"""The bare SQL of the reports, for one who sees everything: what anybody would write who knows the tables."""

from typing import Any

from django.db import connection

from accounts.models import Company
from reports.asked import Asked

_COHORT = """
SELECT pipeline_id, furthest_stage_id, state, count(*), coalesce(sum(amount_company), 0) FROM sales_opportunity
WHERE deleted_at IS NULL AND opened_on BETWEEN %(start)s AND %(end)s GROUP BY 1, 2, 3
"""
_STANDING = """
SELECT stage_id, count(*), coalesce(sum(amount_company), 0) FROM sales_opportunity
WHERE deleted_at IS NULL AND state = 'open' GROUP BY 1
"""
_DAYS = """
SELECT s.stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY s.days)
FROM sales_stagestay s JOIN sales_opportunity o ON o.id = s.opportunity_id
WHERE o.deleted_at IS NULL AND o.opened_on BETWEEN %(start)s AND %(end)s AND s.left_at IS NOT NULL GROUP BY 1
"""
_CLOSED = """
SELECT count(*) FILTER (WHERE state = 'won'), count(*) FILTER (WHERE state = 'lost'), avg(cycle_days),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY cycle_days)
FROM sales_opportunity WHERE deleted_at IS NULL AND closed_on BETWEEN %(start)s AND %(end)s
"""
_UNDATED = "SELECT count(*) FROM sales_opportunity WHERE deleted_at IS NULL AND opened_on IS NULL"

_RANKED = """
WITH g AS (SELECT key, label, round(value, 6) AS value, facts FROM ({groups}) groups), r AS (
    SELECT key, label, value, facts, sum(value) OVER () AS total,
        sum(value) OVER (ORDER BY value DESC, label, key ROWS UNBOUNDED PRECEDING) AS cumulative
    FROM g
), c AS MATERIALIZED (
    SELECT *, CASE WHEN total <= 0 THEN 'C' WHEN cumulative - value < total * 0.80 THEN 'A'
                   WHEN cumulative - value < total * 0.95 THEN 'B' ELSE 'C' END AS class FROM r
)
SELECT class, NULL::text AS key, count(*) AS n, sum(value) AS value, sum(facts) AS facts FROM c GROUP BY 1
UNION ALL (SELECT class, key::text, 0, value, facts FROM c ORDER BY value DESC, label, key LIMIT 50)
"""
_ORDERS = """
SELECT key, label, count(DISTINCT id) AS facts, sum(value) AS value FROM (
    SELECT {key} AS key, {label} AS label, o.id, {worth} * {part}
        * ((o.confirmed_on BETWEEN %(start)s AND %(end)s)::int
        - coalesce(o.cancelled_on BETWEEN %(start)s AND %(end)s, false)::int
        * (1 - o.returned_net_company / coalesce(nullif(o.net_company, 0), 1))) AS value
    FROM sales_order o {join}
    WHERE o.deleted_at IS NULL AND o.confirmed_on IS NOT NULL
      AND (o.confirmed_on BETWEEN %(start)s AND %(end)s OR o.cancelled_on BETWEEN %(start)s AND %(end)s)
    UNION ALL
    SELECT {key}, {label}, o.id, -r.net_company * {back} * {worth} / coalesce(nullif(o.net_company, 0), 1)
    FROM sales_orderreturn r JOIN sales_order o ON o.id = r.order_id {join_back}
    WHERE o.deleted_at IS NULL AND r.returned_on BETWEEN %(start)s AND %(end)s
) x GROUP BY 1, 2
"""
_ORDER = {"part": 1, "back": 1, "worth": "o.net_company"}
_MARGIN = {"part": 1, "back": 1, "worth": "(o.net_company - coalesce(o.cost_company, 0))"}
_RECEIPTS = """
SELECT {key} AS key, {label} AS label, count(DISTINCT o.id) AS facts, sum(t.amount * {part}) AS value
FROM sales_receipt t JOIN sales_order o ON o.id = t.order_id {join}
WHERE o.deleted_at IS NULL AND t.received_on BETWEEN %(start)s AND %(end)s GROUP BY 1, 2
"""
_WON = """
SELECT {key} AS key, {label} AS label, count(*) AS facts, sum(o.amount_company) AS value
FROM sales_opportunity o {join}
WHERE o.deleted_at IS NULL AND o.state = 'won' AND o.closed_on BETWEEN %(start)s AND %(end)s GROUP BY 1, 2
"""


def _by(key: str, label: str, join: str) -> dict[str, str]:
    return {"key": key, "label": label, "join": join, "join_back": join}


_CUSTOMER = _by("o.customer_id", "c.name", "JOIN customers_customer c ON c.id = o.customer_id")
_PERSON = _by("o.owner_at_confirm_id", "u.name", "LEFT JOIN accounts_user u ON u.id = o.owner_at_confirm_id")
_TEAM = _by("o.team_at_confirm_id", "t.name", "LEFT JOIN accounts_team t ON t.id = o.team_at_confirm_id")
_LINES = "JOIN sales_orderline l ON l.order_id = o.id JOIN sales_product p ON p.id = l.product_id"
_BACK = (
    "JOIN sales_orderreturnline b ON b.order_return_id = r.id JOIN sales_orderline l ON l.id = b.line_id"
    " JOIN sales_product p ON p.id = l.product_id"
)
_PRODUCT = {
    "key": "p.id", "label": "p.name", "join": _LINES, "join_back": _BACK, "part": "l.amount / o.net",
    "back": "b.amount / nullif((SELECT sum(s.amount) FROM sales_orderreturnline s WHERE s.order_return_id = r.id), 0)",
}  # fmt: skip
# measure, by → the groups; the seed's figures are all in the company's currency, so no rate is asked for
GROUPS = {
    ("orders", "customer"): _ORDERS.format(**_ORDER, **_CUSTOMER),
    ("orders", "person"): _ORDERS.format(**_ORDER, **_PERSON),
    ("orders", "team"): _ORDERS.format(**_ORDER, **_TEAM),
    ("orders", "product"): _ORDERS.format(**{**_ORDER, **_PRODUCT}),
    ("margin", "customer"): _ORDERS.format(**_MARGIN, **_CUSTOMER),
    ("receipts", "customer"): _RECEIPTS.format(part=1, **_CUSTOMER),
    ("receipts", "product"): _RECEIPTS.format(**_PRODUCT),
    ("won", "customer"): _WON.format(**_CUSTOMER),
    ("won", "person"): _WON.format(
        key="o.owner_at_close_id", label="u.name", join="LEFT JOIN accounts_user u ON u.id = o.owner_at_close_id"
    ),
}  # fmt: skip


_WAY = """
SELECT way_step, count(*) FROM leads_lead
WHERE deleted_at IS NULL AND created_at >= %(start)s::date::timestamp AT TIME ZONE %(zone)s
  AND created_at < (%(end)s::date + 1)::timestamp AT TIME ZONE %(zone)s GROUP BY 1
"""


def bare_way(asked: Asked) -> list[tuple[Any, ...]]:
    """(step, leads that stopped there)."""
    return _rows(_WAY, asked)


_LEADS = """
SELECT l.source_id, count(*),
       count(*) FILTER (WHERE first IS NOT NULL),
       count(*) FILTER (WHERE first <= contact_limit_at),
       count(*) FILTER (WHERE first > contact_limit_at OR (first IS NULL AND contact_limit_at <= now()
                          AND (lost_at IS NULL OR lost_at > contact_limit_at))),
       count(*) FILTER (WHERE qualified_at IS NOT NULL OR converted_at IS NOT NULL),
       count(*) FILTER (WHERE converted_at IS NOT NULL), count(*) FILTER (WHERE l.state = 'lost'),
       count(o.id), percentile_cont(0.5) WITHIN GROUP (ORDER BY contact_minutes),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY contact_working_minutes), coalesce(sum(o.amount_company), 0)
FROM (
    SELECT *, coalesce(contacted_at, qualified_at, converted_at) AS first FROM leads_lead
    WHERE deleted_at IS NULL AND created_at >= %(start)s::date::timestamp AT TIME ZONE %(zone)s
      AND created_at < (%(end)s::date + 1)::timestamp AT TIME ZONE %(zone)s
) l LEFT JOIN sales_opportunity o ON o.id = l.opportunity_id AND o.state = 'won' AND o.deleted_at IS NULL
GROUP BY GROUPING SETS ((l.source_id), (l.lost_reason_id), ())
HAVING grouping(l.lost_reason_id) = 1
"""


def bare_leads(asked: Asked) -> list[tuple[Any, ...]]:
    """(source or None for all, leads, contacted, in time, late, qualified, converted, lost, won, medians, value)."""
    return _rows(_LEADS, asked)


def bare_funnel(asked: Asked) -> list[list[tuple[Any, ...]]]:
    """Cohort, snapshot, median days, what closed, what has no date."""
    return [_rows(sql, asked) for sql in (_COHORT, _STANDING, _DAYS, _CLOSED, _UNDATED)]


def bare_contribution(asked: Asked) -> list[tuple[Any, ...]]:
    """(class, key or None for a class's sum, rows, value, documents)."""
    return _rows(_RANKED.format(groups=GROUPS[asked.measure, asked.by]), asked)


def _rows(sql: str, asked: Asked) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": asked.period.start, "end": asked.period.end, "zone": Company.get().zone.key})
        return cursor.fetchall()
