"""Products, one opportunity for each customer with its stays, an order for every second one, billed in two parts."""

from crm.management.seed.filling import Filling, entries, ids_of, run

PRODUCTS, LINES = 100, 3
_STATES = ["draft", "cancelled", *["confirmed"] * 5, "shipped", "shipped", *["delivered"] * 5, *["closed"] * 6]


def plan_orders(filling: Filling) -> None:
    """``seed_order``: whose and when, before the customers, which carry the day of the last one. Few buy very much."""
    run(f"""CREATE TEMP TABLE seed_order ON COMMIT DROP AS SELECT i,
            1 + floor(power({filling.dice("buyer")}, 1.5) * {filling.customers})::int AS customer_id,
            ({filling.moment} - interval '1 day' * (730 - 729.0 * i / {filling.customers // 2}))::date AS ordered_on,
            {filling.pick("order state", _STATES)}
                AS state
        FROM generate_series(1, {filling.customers // 2}) i""")


def fill_products(filling: Filling) -> None:
    filling.insert(
        "sales_product", f"generate_series(1, {PRODUCTS}) i", id="i", created_at=filling.moment, is_active="true",
        name="'Product ' || i", name_zh="'产品 ' || i", name_ru="'Товар ' || i", code="'P-' || lpad(i::text, 4, '0')",
        price=f"10 * (1 + {filling.whole('price', 200)})", cost="5", currency="'EUR'", tax_rate="19",
    )  # fmt: skip
    run("UPDATE sales_product SET cost = price * 0.6")


def fill_opportunities(filling: Filling) -> None:
    """An open one, of the last 200 days, stands where it came to; a closed one left its last stage when it closed."""
    stages = ids_of("SELECT s.id FROM sales_stage s JOIN sales_pipeline p ON p.id = pipeline_id"
                    " WHERE p.code = 'default'"
                    ' ORDER BY s."order"')  # fmt: skip
    lost = entries("opportunity_lost_reason")
    run(f"""CREATE TEMP TABLE seed_opportunity ON COMMIT DROP AS SELECT *, (ARRAY{stages})[1 + last] AS stage_id,
            opened_at + days * interval '1 day' AS ended_at,
            opened_at + days * last / (last + 1) * interval '1 day' AS since
        FROM (SELECT i, state, customer_id, last, {filling.moment} - age * interval '1 day' AS opened_at,
                CASE WHEN state = 'open' THEN least(days, age) ELSE days END AS days
            FROM (SELECT *, CASE WHEN state = 'open' THEN 200 * {filling.dice("opened")}
                                 ELSE days + 900 * {filling.dice("opened")} END AS age
                FROM (SELECT i, {filling.pick("state", ["open"] * 6 + ["won"] * 7 + ["lost"] * 7)} AS state,
                        1 + {filling.whole("customer", filling.customers)} AS customer_id,
                        {filling.whole("furthest", len(stages))} AS last, 8 + {filling.dice("days")} * 110 AS days
                    FROM generate_series(1, {filling.customers}) i) dice) aged) x""")
    filling.insert(
        "sales_opportunity",
        "seed_opportunity o JOIN seed_customer c ON c.i = o.customer_id ORDER BY o.i",
        id="o.i", created_at="opened_at", name="'Offer ' || o.i || ' ' || split_part(c.name, ' ', 1)",
        customer_id="o.customer_id", customer_owner="owner_id", customer_team="team_id", assigned_at="opened_at",
        owner_id="coalesce(owner_id, former_id)", stage_id="stage_id", furthest_stage_id="stage_id", state="o.state",
        team_id="(SELECT w.team_id FROM seed_owner w WHERE w.id = coalesce(owner_id, former_id))",
        pipeline_id=f"(SELECT pipeline_id FROM sales_stage WHERE id = {stages[0]})", stage_since="since",
        amount=_amount(filling), amount_company=_amount(filling), currency="'EUR'",
        probability="CASE o.state WHEN 'won' THEN 100 WHEN 'lost' THEN 0"
                    " ELSE (SELECT probability FROM sales_stage s WHERE s.id = stage_id) END",
        opened_on="opened_at::date", close_on="(opened_at + interval '150 days')::date",
        closed_on="CASE WHEN o.state <> 'open' THEN ended_at::date END",
        won_at="CASE WHEN o.state = 'won' THEN ended_at END",
        lost_reason_id=f"CASE WHEN o.state = 'lost' THEN {filling.pick('lost', lost, 'o.i')} END",
        owner_at_close_id="CASE WHEN o.state <> 'open' THEN coalesce(owner_id, former_id) END",
        team_at_close_id="CASE WHEN o.state <> 'open' THEN (SELECT w.team_id FROM seed_owner w"
                         " WHERE w.id = coalesce(owner_id, former_id)) END",
        source_id=filling.pick("opportunity source", entries("lead_source"), "o.i"),
    )  # fmt: skip
    left = "opened_at + days * (step + 1) / (last + 1) * interval '1 day'"
    filling.insert(
        "sales_stagestay", "seed_opportunity o, generate_series(0, last) step ORDER BY i, step",
        opportunity_id="i", stage_id=f"(ARRAY{stages})[1 + step]",
        entered_at="opened_at + days * step / (last + 1) * interval '1 day'",
        left_at=f"CASE WHEN step < last OR state <> 'open' THEN {left} END",
    )  # fmt: skip


def _amount(filling: Filling) -> str:
    return f"round((200 + 50000 * power({filling.dice('amount', 'o.i')}, 4))::numeric, 2)"


def fill_orders(filling: Filling) -> None:
    """Totals, parts and receipts are reckoned here as the triggers would: net + 19 % tax, two halves."""
    run(f"""CREATE TEMP TABLE seed_line ON COMMIT DROP AS
        SELECT x.*, p.price, p.cost, p.name, quantity * p.price AS amount
        FROM (SELECT i, position, 1 + {filling.whole("product", PRODUCTS, _LINE)} AS product_id,
                     1 + {filling.whole("quantity", 9, _LINE)} AS quantity
              FROM seed_order, generate_series(1, {LINES}) position) x JOIN sales_product p ON p.id = product_id""")
    run(_TOTALS)
    owner, day = "coalesce(c.owner_id, c.former_id)", "CASE WHEN state <> 'draft' THEN ordered_on END"
    team = f"(SELECT w.team_id FROM seed_owner w WHERE w.id = {owner})"
    filling.insert(
        "sales_order", "seed_total o JOIN seed_customer c ON c.i = o.customer_id ORDER BY o.i", id="o.i",
        created_at="ordered_on::timestamp AT TIME ZONE 'UTC'", customer_id="o.customer_id", currency="'EUR'",
        customer_owner="c.owner_id", customer_team="c.team_id", owner_id=owner, team_id=team, number="o.number",
        assigned_at="ordered_on::timestamp AT TIME ZONE 'UTC'", state="state", net="net", tax="tax", gross="net + tax",
        cost="cost", received="received", ordered_on="ordered_on", confirmed_on=day,
        cancelled_on="CASE WHEN state = 'cancelled' THEN ordered_on END",
        cancel_reason_id=f"CASE WHEN state = 'cancelled' THEN {entries('order_cancel_reason')[0]} END",
        net_company="CASE WHEN state <> 'draft' THEN net END",
        owner_at_confirm_id=f"CASE WHEN state <> 'draft' THEN {owner} END",
        team_at_confirm_id=f"CASE WHEN state <> 'draft' THEN {team} END",
    )  # fmt: skip
    filling.insert(
        "sales_orderline", "seed_line ORDER BY i, position", order_id="i", position="position", product_id="product_id",
        name="name", quantity="quantity", unit_price="price", tax_rate="19", cost="cost", currency="'EUR'",
        amount="amount",
    )  # fmt: skip
    _fill_instalments(filling)


def _fill_instalments(filling: Filling) -> None:
    """The number of an instalment follows from its order's, so that receipts find it without a join."""
    part = "CASE k WHEN 1 THEN half ELSE net + tax - half END"
    is_paid = "(state = 'closed' OR state = 'delivered' AND k = 1)"
    both = "seed_total o, generate_series(1, 2) k"
    copied = """(SELECT id, owner_id AS owner, team_id AS team, other_owner, other_team,
                        state IN ('confirmed', 'partly_shipped', 'shipped', 'delivered', 'closed') AS is_live
                 FROM sales_order) c"""
    filling.insert(
        "sales_instalment", f"{both}, {copied} WHERE c.id = o.i ORDER BY o.i, k", order_owner="c.owner",
        order_team="c.team", order_other_owner="c.other_owner", order_other_team="c.other_team", is_live="c.is_live",
        id="2 * o.i + k - 2", order_id="o.i", position="k",
        due_on="ordered_on + 30 * k", amount=part, currency="'EUR'",
        received=f"CASE WHEN {is_paid} THEN {part} ELSE 0 END",
        state=f"CASE WHEN {is_paid} THEN 'paid' WHEN ordered_on + 30 * k <= {filling.moment}::date THEN 'due'"
              " ELSE 'planned' END",
    )  # fmt: skip
    filling.insert(
        "sales_receipt", f"{both} WHERE {is_paid} ORDER BY o.i, k", id="2 * o.i + k - 2", order_id="o.i", amount=part,
        currency="'EUR'", received_on="ordered_on + 30 * k",
    )  # fmt: skip
    filling.insert(
        "sales_settlement", "sales_receipt", receipt_id="id", instalment_id="id", amount="amount"
    )  # fmt: skip
    run("INSERT INTO sales_numbercounter (series_id, year, last)"
        " SELECT 'order', extract(year FROM ordered_on), count(*) FROM seed_order GROUP BY 2")  # fmt: skip


_LINE = f"i * {LINES + 1} + position"
_TOTALS = """
CREATE TEMP TABLE seed_total ON COMMIT DROP AS
SELECT t.*, round((net + tax) / 2, 2) AS half, CASE state WHEN 'closed' THEN net + tax
           WHEN 'delivered' THEN round((net + tax) / 2, 2) ELSE 0 END AS received
FROM (SELECT o.*, l.net, round(l.net * 0.19, 2) AS tax, l.cost, 'O-' || extract(year FROM ordered_on) || '-'
          || to_char(row_number() OVER (PARTITION BY extract(year FROM ordered_on) ORDER BY o.i), 'FM9999900000')
          AS number
      FROM seed_order o JOIN (SELECT i, sum(amount) AS net, sum(cost * quantity) AS cost FROM seed_line GROUP BY 1) l
        USING (i)) t
"""
