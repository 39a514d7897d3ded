"""The orders of a file: grouped and summed up, then written with lines, money and what follows for customers.

Lines go in before their orders: the lines of a confirmed order are frozen, and until its row is there no order is.
Totals are therefore reckoned here, by the formula of ``document_rules.SUM_UP``; a test compares the two.
"""

from typing import Any

from django.db import connection

from accounts.models import Company
from records.imports.load import STAGE, Load
from records.imports.sets import insert
from sales.buyers import derive_buyers_of
from sales.models import Instalment, Order, OrderLine, Receipt, Settlement
from sales.models.number_series import reserve_numbers
from sales.models.order import COUNTED
from sales.search import copy_orders

_HEAD = {
    "number": "external_id", "ordered_on": "ordered_on", "status": "status", "owner": "owner", "total": "total",
    "include_tax": "prices_include_tax", "opportunity_id": "opportunity_id", "their_number": "their_number",
    "confirmed_on": "confirmed_on", "cancelled_on": "cancelled_on", "cancel_reason": "cancel_reason",
    "due_on": "due_on", "paid": "paid", "paid_on": "paid_on", "terms": "terms", "created_at": "created_at",
    "author": "author", "customer_id": "customer_id", "currency": "currency_kept",
}  # fmt: skip


def group(load: Load) -> None:
    """``import_order``: one row an order, with the first value of each head field and its totals."""
    first = ", ".join(
        f'(array_agg(s."{column}" ORDER BY s.row) FILTER (WHERE s."{column}" IS NOT NULL))[1] AS {name}'
        for name, column in _HEAD.items()
    )
    load.sql("DROP TABLE IF EXISTS import_order, import_sum, import_number")
    load.sql(
        f"""CREATE TEMP TABLE import_order ON COMMIT DROP AS
            SELECT s.key, min(s.row) AS first_row, NULL::bigint AS id, count(*) AS lines,
                   bool_or(s.is_line) AS has_lines, count(DISTINCT s.customer_id) AS customers,
                   count(DISTINCT s.currency_kept) AS currencies, {first}
            FROM {STAGE} s WHERE s.state = 'a' GROUP BY s.key"""
    )
    # Without it the joins below go wrong: a loop over all rows per order.
    load.sql("CREATE INDEX ON import_order (key)")
    load.sql(f"ANALYZE import_order, {STAGE}")
    load.sql(
        f"""UPDATE {STAGE} s SET state = 's', reason = jsonb_build_array(jsonb_build_array('same_in_file'::text,
                   jsonb_build_object('row', o.first_row)))
            FROM import_order o WHERE o.key = s.key AND s.state = 'a' AND NOT o.has_lines AND s.row <> o.first_row"""
    )
    load.sql(
        f"""CREATE TEMP TABLE import_sum ON COMMIT DROP AS
            WITH rates AS (
                SELECT s.key, coalesce(s.tax_rate, 0) AS rate, sum(s.line_amount) AS base,
                       sum(s.quantity * coalesce(p.cost, 0)) AS cost
                FROM {STAGE} s JOIN import_order o USING (key)
                LEFT JOIN sales_product p ON p.id = s.product_id AND p.currency = s.currency_kept
                WHERE s.state = 'a' AND s.line_amount IS NOT NULL AND (s.is_line OR NOT o.has_lines) GROUP BY 1, 2)
            SELECT r.key, sum(r.base) AS base, sum(r.cost) AS cost,
                   sum(round_money(CASE WHEN o.include_tax THEN r.base * r.rate / (100 + r.rate)
                                   ELSE r.base * r.rate / 100 END, o.currency)) AS tax
            FROM rates r JOIN import_order o USING (key) GROUP BY 1"""
    )
    load.sql("ANALYZE import_sum")
    load.sql("ALTER TABLE import_order ADD net numeric, ADD tax numeric, ADD gross numeric, ADD cost numeric,"
             " ADD differs boolean")  # fmt: skip
    load.sql(
        """UPDATE import_order o SET tax = s.tax, cost = round_money(s.cost, o.currency),
                  net = CASE WHEN o.include_tax THEN s.base - s.tax ELSE s.base END,
                  gross = CASE WHEN o.include_tax THEN s.base ELSE s.base + s.tax END
           FROM import_sum s WHERE s.key = o.key"""
    )
    load.sql(
        """UPDATE import_order SET net = coalesce(net, 0), tax = coalesce(tax, 0), gross = coalesce(gross, 0),
                  cost = coalesce(cost, 0),
                  differs = has_lines AND total IS NOT NULL AND total NOT IN (coalesce(net, 0), coalesce(gross, 0))"""
    )
    load.sql("ANALYZE import_order")


def write_orders(load: Load) -> None:
    _identify(load)
    params = _facts(load)
    _insert_lines(load)
    _number(load)
    _insert_orders(load, params)
    _insert_money(load, params)
    _log(load)
    ids = [row[0] for row in load.sql("SELECT id FROM import_order WHERE id IS NOT NULL ORDER BY id")]
    for start in range(0, len(ids), 5_000):
        copy_orders(ids[start : start + 5_000])
    derive_buyers_of(ids)


def _identify(load: Load) -> None:
    """Ids in the order of the file."""
    load.sql(
        f"""UPDATE import_order o SET id = n.id FROM (
                SELECT key, nextval(pg_get_serial_sequence('sales_order', 'id')) AS id FROM (
                    SELECT key FROM import_order o
                    WHERE EXISTS (SELECT 1 FROM {STAGE} s WHERE s.key = o.key AND s.state = 'a')
                    ORDER BY first_row) k) n
            WHERE n.key = o.key"""
    )


def _number(load: Load) -> None:
    """Our own numbers, by the year of the order. Late, because whoever else enters an order waits from here on."""
    rows = load.sql("SELECT id, extract(year FROM ordered_on)::int FROM import_order WHERE id IS NOT NULL ORDER BY id")
    load.sql("CREATE TEMP TABLE import_number (id bigint PRIMARY KEY, number text) ON COMMIT DROP")
    numbers = reserve_numbers("order", [year for _id, year in rows])
    with connection.cursor() as cursor, cursor.cursor.copy("COPY import_number FROM STDIN") as copy:
        for (pk, _year), number in zip(rows, numbers, strict=True):
            copy.write_row((pk, number))


def _facts(load: Load) -> dict[str, Any]:
    """What follows for an order: its state, the days it counts on, and its net at the rate of that day."""
    company = Company.get()
    load.sql("ANALYZE import_order")
    params = {"own": company.currency, "reason": load.memory["cancel_reason"].pk, "counted": list(map(str, COUNTED))}
    load.sql(
        """ALTER TABLE import_order ADD state text, ADD counts_on date, ADD ended_on date, ADD net_company numeric,
                  ADD team_id bigint, ADD customer_owner bigint, ADD customer_team bigint""",
    )
    load.sql(
        """UPDATE import_order o SET owner = coalesce(o.owner, c.owner_id), customer_owner = c.owner_id,
                  customer_team = c.team_id, state = coalesce(o.status, 'confirmed'),
                  counts_on = CASE WHEN coalesce(o.status, 'confirmed') = ANY(%(counted)s)
                                   THEN coalesce(o.confirmed_on, o.ordered_on)
                                   WHEN o.status = 'cancelled' THEN o.confirmed_on END,
                  ended_on = CASE WHEN o.status = 'cancelled'
                                  THEN coalesce(o.cancelled_on, greatest(o.confirmed_on, o.ordered_on)) END
           FROM customers_customer c WHERE c.id = o.customer_id AND o.id IS NOT NULL""",
        params,
    )
    load.sql("UPDATE import_order o SET team_id = u.team_id FROM accounts_user u WHERE u.id = o.owner")
    load.sql(
        """UPDATE import_order o SET net_company = CASE WHEN o.currency = %(own)s THEN o.net ELSE round_money(o.net * (
                  SELECT r.rate FROM sales_exchangerate r WHERE r.currency = o.currency
                     AND r.valid_from <= o.counts_on ORDER BY r.valid_from DESC LIMIT 1), %(own)s) END
           WHERE o.counts_on IS NOT NULL""",
        params,
    )
    unrated = """SELECT currency, count(*) FROM import_order
                 WHERE id IS NOT NULL AND counts_on IS NOT NULL AND net_company IS NULL GROUP BY 1"""
    for currency, count in load.sql(unrated):
        load.notes.add("no_rate", count, value=currency)
    return params


def _insert_lines(load: Load) -> None:
    insert(
        load,
        OrderLine,
        {
            "order_id": "o.id", "position": "row_number() OVER (PARTITION BY o.id ORDER BY s.row)",
            "product_id": "s.product_id",
            "name": "coalesce(s.line_name, s.product, p.name, s.product_code, o.number, '#' || o.first_row)",
            "unit": "coalesce(s.unit, u.name)", "quantity": "s.quantity", "unit_price": "s.price",
            "discount": "coalesce(s.discount, 0)", "tax_rate": "coalesce(s.tax_rate, 0)",
            "cost": "CASE WHEN p.currency = s.currency_kept THEN p.cost END", "currency": "s.currency_kept",
            "amount": "s.line_amount",
        },
        source=f"""{STAGE} s JOIN import_order o ON o.key = s.key AND o.id IS NOT NULL
                   LEFT JOIN sales_product p ON p.id = s.product_id
                   LEFT JOIN records_dictionaryentry u ON u.id = p.unit_id
                   WHERE s.state = 'a' AND s.line_amount IS NOT NULL AND (s.is_line OR NOT o.has_lines)
                   ORDER BY s.row""",
    )  # fmt: skip


def _insert_orders(load: Load, params: dict[str, Any]) -> None:
    insert(
        load,
        Order,
        {
            "id": "s.id", "number": "n.number", "external_id": "s.number", "customer_id": "s.customer_id",
            "opportunity_id": "s.opportunity_id", "currency": "s.currency",
            "prices_include_tax": "coalesce(s.include_tax, false)", "terms": "s.terms", "net": "s.net", "tax": "s.tax",
            "gross": "s.gross", "cost": "s.cost", "state": "s.state", "ordered_on": "s.ordered_on",
            "their_number": "s.their_number", "confirmed_on": "s.counts_on", "cancelled_on": "s.ended_on",
            "cancel_reason_id": "CASE WHEN s.state = 'cancelled' THEN coalesce(s.cancel_reason, %(reason)s) END",
            "net_company": "s.net_company", "owner_id": "s.owner", "team_id": "s.team_id",
            "owner_at_confirm_id": "CASE WHEN s.counts_on IS NOT NULL THEN s.owner END",
            "team_at_confirm_id": "CASE WHEN s.counts_on IS NOT NULL THEN s.team_id END",
            "assigned_at": "CASE WHEN s.owner IS NOT NULL THEN %(now)s END",
            "customer_owner": "s.customer_owner", "customer_team": "s.customer_team",
            "created_at": "coalesce(s.created_at, %(now)s)", "created_by_id": "coalesce(s.author, %(by)s)",
        },
        source="import_order s JOIN import_number n ON n.id = s.id ORDER BY s.id",
        params=params,
    )  # fmt: skip


def _insert_money(load: Load, params: dict[str, Any]) -> None:
    """One instalment where the file tells when it was due or what came in; what came in settles it."""
    planned = "s.id IS NOT NULL AND s.state = ANY(%(counted)s) AND s.gross > 0"
    insert(
        load,
        Instalment,
        {
            "order_id": "s.id", "position": "1", "due_on": "coalesce(s.due_on, s.ordered_on)", "amount": "s.gross",
            "currency": "s.currency",
            "state": "CASE WHEN coalesce(s.due_on, s.ordered_on) <= current_date THEN 'due' ELSE 'planned' END",
        },
        source=f"import_order s WHERE {planned} AND (s.due_on IS NOT NULL OR s.paid > 0) ORDER BY s.id", params=params,
    )  # fmt: skip
    insert(
        load,
        Receipt,
        {
            "order_id": "s.id", "amount": "round_money(s.paid, s.currency)", "currency": "s.currency",
            "received_on": "coalesce(s.paid_on, s.counts_on)", "entered_by_id": "%(by)s",
        },
        source=f"import_order s WHERE {planned} AND round_money(s.paid, s.currency) > 0 ORDER BY s.id", params=params,
    )  # fmt: skip
    insert(
        load,
        Settlement,
        {"receipt_id": "r.id", "instalment_id": "i.id", "amount": "least(r.amount, i.amount)"},
        source="""import_order s JOIN sales_receipt r ON r.order_id = s.id JOIN sales_instalment i ON i.order_id = s.id
                  ORDER BY s.id""",
    )


def _log(load: Load) -> None:
    load.sql(
        """INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
           SELECT %(now)s, %(by)s, 'import', 'order', id, customer_id, %(batch)s, jsonb_strip_nulls(jsonb_build_object(
                  'to', owner, 'net', net::text, 'gross', gross::text, 'currency', currency, 'state', state))
           FROM import_order WHERE id IS NOT NULL ORDER BY id"""
    )
