"""Import of orders: one row a line, grouped by the order's number, or one row an order with its total.

An order comes in whole or not at all: when one of its rows is refused, all are. What is known stays as it is.
"""

from django.utils.translation import gettext_lazy as _

from customers.imports import find_customer
from customers.imports.find_customer import link_customers
from records.dictionary import entry_by_code
from records.imports.importables import Importable
from records.imports.load import STAGE, Load
from records.imports.sets import check_owners, decide, match, same_in_file, set_aside
from sales.buyers import derive_buyers_of
from sales.imports.find_product import link_products
from sales.imports.order_columns import COLUMNS, DERIVED, LARGEST, LINE, derive
from sales.imports.order_rows import group, write_orders
from sales.models import Order

MOST_LINES = 30_000


def prepare(load: Load) -> None:
    load.memory["cancel_reason"] = entry_by_code("order_cancel_reason", "other")


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    _name_orders(load)
    link_customers(load, nearly=True)
    _settle_customers(load)
    _link_opportunities(load)
    link_products(load)
    check_owners(load)
    _price_lines(load)
    group(load)
    _refuse_whole(load)
    _find_known(load)
    decide(load, Order, keeps=True)
    _tell(load)
    if not load.dry_run:
        write_orders(load)


def _name_orders(load: Load) -> None:
    """``key`` tells orders apart. Rows below a first one that repeat nothing of the order's head belong to it."""
    is_bare = "external_id IS NULL AND customer IS NULL AND customer_number IS NULL AND ordered_on IS NULL AND is_line"
    if load.mapping.fields & set(LINE) and "external_id" in load.mapping.fields:
        load.sql(
            f"""UPDATE {STAGE} s SET external_id = m.number FROM (
                    SELECT row, first_value(external_id) OVER (PARTITION BY place ORDER BY row) AS number
                    FROM (SELECT row, external_id, count(external_id) OVER (ORDER BY row) AS place FROM {STAGE}) p) m
                WHERE m.row = s.row AND {is_bare.replace("external_id", "s.external_id")}"""
        )
    else:
        same_in_file(load, "s.external_id")
    load.sql(f"UPDATE {STAGE} SET key = coalesce(external_id, '#' || row)")


def _settle_customers(load: Load) -> None:
    """The head may stand in the first row only."""
    load.sql(
        f"""UPDATE {STAGE} s SET customer_id = m.id FROM (
                SELECT key, min(customer_id) AS id FROM {STAGE} WHERE state = 'a' GROUP BY 1) m
            WHERE m.key = s.key AND s.customer_id IS NULL AND s.customer IS NULL AND s.customer_number IS NULL"""
    )
    named = "jsonb_build_object('value', coalesce(s.customer, s.customer_number))"
    set_aside(load, "r", "s.customer_id = -1", "ambiguous_customer", named)
    nobody = "s.customer_id IS NULL AND coalesce(s.customer, s.customer_number)"
    set_aside(load, "r", f"{nobody} IS NOT NULL", "no_customer", named)
    _require(load, "s.customer_id IS NULL", _("customer"))


def _require(load: Load, where: str, label: object) -> None:
    field = "jsonb_build_object('field', %(label)s::text)"
    set_aside(load, "r", where, "required", field, params_of={"label": str(label)})


def _link_opportunities(load: Load) -> None:
    if "opportunity_number" not in load.mapping.fields:
        return
    load.sql(
        f"""UPDATE {STAGE} s SET opportunity_id = o.id FROM sales_opportunity o
            WHERE o.external_system = '' AND o.external_id = s.opportunity_number AND o.deleted_at IS NULL
              AND o.customer_id = s.customer_id AND s.state = 'a'"""
    )
    lost = load.sql(
        f"""SELECT opportunity_number, count(*) FROM {STAGE}
            WHERE state = 'a' AND opportunity_id IS NULL AND opportunity_number IS NOT NULL GROUP BY 1"""
    )
    for number, count in lost:
        load.notes.add("no_opportunity", count, value=number)


def _price_lines(load: Load) -> None:
    """A line without a price takes its product's, and every line its amount."""
    load.sql(
        f"""UPDATE {STAGE} s SET price = p.price FROM sales_product p
            WHERE p.id = s.product_id AND s.price IS NULL AND s.is_line AND p.currency = s.currency_kept"""
    )
    set_aside(load, "r", "s.price IS NULL AND s.status IS DISTINCT FROM 'draft'", "no_amount")
    set_aside(load, "r", "s.price IS NULL AND s.is_line", "no_amount")
    load.sql(
        f"""UPDATE {STAGE} SET line_amount = round_money(quantity * price * (100 - coalesce(discount, 0)) / 100,
                                                         currency_kept)
            WHERE price IS NOT NULL"""
    )


def _refuse_whole(load: Load) -> None:
    join = "FROM import_order o"
    mine = "o.key = s.key AND s.state = 'a'"
    value = "jsonb_build_object('value', s.key)"
    set_aside(load, "r", f"{mine} AND o.customers > 1", "several_customers", value, join)
    set_aside(load, "r", f"{mine} AND o.currencies > 1", "several_currencies", value, join)
    set_aside(
        load, "r", f"{mine} AND o.lines > {MOST_LINES}", "order_too_long",
        f"jsonb_build_object('value', s.key, 'limit', {MOST_LINES})", join,
    )  # fmt: skip
    set_aside(
        load, "r", f"{mine} AND o.gross > {LARGEST}", "range",
        "jsonb_build_object('field', %(label)s::text, 'value', o.gross)", join,
        params_of={"label": str(_("total of the order"))},
    )  # fmt: skip
    undated = f"EXISTS (SELECT 1 FROM import_order o WHERE {mine} AND o.ordered_on IS NULL)"
    _require(load, undated, _("ordered"))
    if load.strict:
        set_aside(
            load, "r", f"{mine} AND o.differs", "total_differs",
            "jsonb_build_object('value', s.key, 'sum', o.gross, 'total', o.total)", join,
        )  # fmt: skip
    set_aside(
        load, "r", "s.state = 'a' AND b.key = s.key", "order_refused",
        extra=f"FROM (SELECT DISTINCT key FROM {STAGE} WHERE state = 'r') b",
    )  # fmt: skip


def _find_known(load: Load) -> None:
    """By number, theirs or ours; an order without one by customer, day and total."""
    match(load, Order, {"s.external_id": "t.external_id"})
    match(load, Order, {"s.external_id": "t.number"})
    if load.on_duplicate == "add":
        return
    same = "concat_ws('|', o.customer_id, o.ordered_on, o.gross, o.currency)"
    set_aside(
        load, "s", "d.row = s.row AND d.first_row <> s.row", "same_in_file", "jsonb_build_object('row', d.first_row)",
        f"""FROM (SELECT s.row, first_value(s.row) OVER (PARTITION BY {same} ORDER BY s.row) AS first_row
                  FROM {STAGE} s JOIN import_order o ON o.key = s.key
                  WHERE s.state = 'a' AND s.external_id IS NULL) d""",
    )  # fmt: skip
    load.sql(
        f"""UPDATE {STAGE} s SET target = m.id FROM (
                SELECT o.key, min(t.id) AS id FROM import_order o JOIN sales_order t
                    ON t.customer_id = o.customer_id AND t.ordered_on = o.ordered_on AND t.gross = o.gross
                   AND t.currency = o.currency AND t.external_id = '' AND t.deleted_at IS NULL
                WHERE o.number IS NULL GROUP BY 1) m
            WHERE m.key = s.key AND s.state = 'a' AND s.target IS NULL"""
    )


def _tell(load: Load) -> None:
    """What was taken for granted about the orders that come in."""
    told = load.sql(
        f"""SELECT count(*) AS orders, coalesce(sum(n), 0) AS rows,
                   count(*) FILTER (WHERE o.status IS NULL) AS without_state,
                   count(*) FILTER (WHERE o.status = 'cancelled' AND o.cancel_reason IS NULL) AS without_reason
            FROM import_order o
            JOIN (SELECT key, count(*) AS n FROM {STAGE} WHERE state = 'a' GROUP BY 1) s USING (key)"""
    )
    orders, rows, without_state, without_reason = told[0]
    if rows > orders:
        load.notes.add("orders", orders, rows=rows, orders=orders)
    if without_state:
        load.notes.add("order_state", without_state)
    if without_reason:
        load.notes.add("cancel_reason", without_reason, match=load.memory["cancel_reason"].label)
    differing = load.sql(
        f"""SELECT o.key, o.gross, o.total FROM import_order o
            WHERE o.differs AND EXISTS (SELECT 1 FROM {STAGE} s WHERE s.key = o.key AND s.state = 'a')
            ORDER BY o.first_row LIMIT 500"""
    )
    for key, gross, total in differing:
        load.notes.add("total_differs", value=key, sum=f"{gross:f}", total=f"{total:f}")


def after_undo(ids: list[int]) -> None:
    derive_buyers_of(ids)


ORDERS = Importable(
    "order", "orders", _("Orders"), "order", COLUMNS, load, derive,
    {**find_customer.DERIVED, **DERIVED}, needs=("ordered_on",), needs_one_of=("customer", "customer_number"),
    prepare=prepare, after_undo=after_undo, has_owner=False, order=65,
)  # fmt: skip
