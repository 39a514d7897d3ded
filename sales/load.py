"""Many opportunities at once, in one statement: what an import or a seed calls when it has decided on its rows.

``source`` is a SELECT that yields exactly the columns of ``COLUMNS`` in their types; ids come from the sequence
(``nextval('sales_opportunity_id_seq')``). What follows from them is set here: pipeline, team, the copies of the
customer's owner and team, probability, amounts in the company's currency, who closed it, the way through the stages,
one line for the product.
"""

from typing import Any

from django.db import connection

from accounts.models import Company
from sales.sharing import share_customers

COLUMNS = {
    "id": "bigint",
    "name": "text",
    "external_system": "text",  # "" for none
    "external_id": "text",
    "customer_id": "bigint",
    "contact_id": "bigint",
    "owner_id": "bigint",
    "stage_id": "bigint",  # where it stands, or stood when it was closed
    "furthest_stage_id": "bigint",  # null: the same
    "state": "text",
    "amount": "numeric",
    "currency": "text",
    "opened_on": "date",
    "close_on": "date",
    "closed_on": "date",
    "lost_reason_id": "bigint",
    "source_id": "bigint",
    "competitor": "text",
    "next_step": "text",
    "description": "text",
    "created_at": "timestamptz",
    "product_id": "bigint",
    "quantity": "numeric",  # null: 1; the amount is the line's
    "stays": "jsonb",  # [{"stage": id, "from": time, "to": time or null}, …]; null: in its stage since it was opened
}

_SQL = """
WITH src AS MATERIALIZED (
    SELECT s.*, st.pipeline_id, st.probability AS stage_probability, o.team_id,
           c.owner_id AS customer_owner, c.team_id AS customer_team,
           coalesce(s.opened_on::timestamp AT TIME ZONE %(zone)s, s.created_at) AS began_at,
           s.closed_on::timestamp AT TIME ZONE %(zone)s AS ended_at,
           CASE WHEN s.currency = %(own)s THEN s.amount ELSE round_money(s.amount * (
               SELECT r.rate FROM sales_exchangerate r WHERE r.currency = s.currency
                  AND r.valid_from <= coalesce(s.closed_on, s.opened_on, s.created_at::date)
               ORDER BY r.valid_from DESC LIMIT 1), %(own)s) END AS amount_company
    FROM ({source}) s JOIN sales_stage st ON st.id = s.stage_id
    LEFT JOIN accounts_user o ON o.id = s.owner_id LEFT JOIN customers_customer c ON c.id = s.customer_id
), ways AS (
    SELECT src.id, (w ->> 'stage')::bigint AS stage_id, (w ->> 'from')::timestamptz AS entered_at,
           greatest((w ->> 'to')::timestamptz, (w ->> 'from')::timestamptz) AS left_at
    FROM src CROSS JOIN LATERAL jsonb_array_elements(stays) w
    UNION ALL
    SELECT id, stage_id, began_at, CASE WHEN state <> 'open' THEN greatest(ended_at, began_at) END
    FROM src WHERE stays IS NULL
), since AS (
    SELECT id, max(entered_at) AS entered_at FROM ways GROUP BY id
), made AS (
    INSERT INTO sales_opportunity (
        id, version, name, external_system, external_id, customer_id, contact_id, customer_owner, customer_team,
        owner_id, team_id, assigned_at, pipeline_id, stage_id, stage_since, furthest_stage_id, state, amount, currency,
        amount_company, probability, opened_on, close_on, closed_on, won_at, lost_reason_id, lost_note,
        owner_at_close_id, team_at_close_id, source_id, competitor, next_step, description, created_at, created_by_id)
    SELECT src.id, 1, name, external_system, external_id, customer_id, contact_id, customer_owner, customer_team,
        owner_id, team_id, CASE WHEN owner_id IS NOT NULL THEN %(now)s END, pipeline_id, stage_id,
        coalesce(since.entered_at, began_at),
        coalesce(furthest_stage_id, stage_id), state, amount, currency, amount_company,
        CASE state WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE stage_probability END,
        opened_on, close_on, closed_on, CASE WHEN state = 'won' THEN ended_at END, lost_reason_id, '',
        CASE WHEN state <> 'open' THEN owner_id END, CASE WHEN state <> 'open' THEN team_id END,
        source_id, competitor, next_step, description, created_at, %(by)s
    FROM src LEFT JOIN since USING (id)
), stayed AS (
    INSERT INTO sales_stagestay (opportunity_id, stage_id, entered_at, left_at)
    SELECT id, stage_id, entered_at, left_at FROM ways
), lined AS (
    INSERT INTO sales_opportunityline (opportunity_id, product_id, quantity, unit_price, discount, amount)
    SELECT id, product_id, coalesce(quantity, 1), amount / coalesce(quantity, 1), 0, amount
    FROM src WHERE product_id IS NOT NULL
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(now)s, %(by)s, 'create', 'opportunity', id, customer_id, %(batch)s,
       jsonb_strip_nulls(jsonb_build_object('stage', stage_id, 'owner', owner_id, 'amount', amount::text, 'state', state))
FROM src RETURNING subject_id
"""  # noqa: E501


def load_opportunities(
    source: str, *, by: Any, now: Any, batch: Any = None, params: dict[str, Any] | None = None
) -> list[int]:
    """Writes the opportunities of ``source`` and returns their ids. ``params`` are those of the SELECT."""
    company = Company.get()
    values = {
        **(params or {}),
        "zone": company.time_zone,
        "own": company.currency,
        "now": now,
        "by": getattr(by, "pk", None),
        "batch": getattr(batch, "pk", None),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("{source}", source), values)
        ids = [row[0] for row in cursor.fetchall()]
    share_customers(ids, by=by)
    return ids
