"""The page of one order: where it stands, its money, and what can be done with it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from records.moves import allowed_moves
from sales.collect import credit_of
from sales.document_page import Act, DocumentPage, covers_of_customer, day, document_page, shared_facts
from sales.models import Instalment, Order
from sales.models.order import COUNTED
from sales.whole_way import next_of_order, way_of_order

ACTS = {
    "confirm": Act("confirm", _("Confirm"), "circle-check"),
    "ship": Act("ship", _("Ship"), "truck", opens="ship"),
    "deliver": Act("deliver", _("Delivered"), "package"),
    "cancel_rest": Act("cancel_rest", _("Give up the rest"), "circle-x", opens="cancel_rest"),
    "close": Act("close", _("Close"), "archive"),
    "return": Act("return", _("Take goods back"), "arrow-back-up", opens="return"),
    "cancel": Act("cancel", _("Cancel the order"), "circle-x", opens="cancel"),
}
# Finance and supervisors confirm; who may confirm may also run the order on and cancel it.
NEEDS = {"confirm": ("approve",), "ship": ("change", "approve"), "deliver": ("change", "approve"),
         "close": ("change", "approve"), "cancel": ("approve",), "cancel_rest": ("approve",),
         "return": ("approve",)}  # fmt: skip


@dataclass(frozen=True)
class ShownInstalment:
    instalment: Instalment
    invoice: Any
    state: Any
    tone: str


@dataclass(frozen=True)
class Money:
    """``credit``: what came in and no instalment took."""

    instalments: list[ShownInstalment]
    receipts: list[Any]
    refunds: list[Any]
    credit: Decimal
    may_plan: bool
    may_invoice: bool
    may_receive: bool
    may_withdraw: bool
    may_refund: bool


def order_page(user: Any, order: Order, money: Money) -> DocumentPage:
    sees_quote = order.quote is not None and covers_of_customer(user, order, order.quote)
    acts = acts_of(user, order)
    return document_page(
        user, order, steps=way_of_order(order, money, sees_quote=sees_quote), acts=acts, facts=facts_of(order),
        next_=next_of_order(order, money, {act.name for act in acts}),
    )  # fmt: skip


def may(user: Any, order: Order, verb: str) -> bool:
    """A draft is taken back by its author; a confirmed order is cancelled by who may confirm."""
    needed = ("change", "approve") if verb == "cancel" and order.is_draft else NEEDS[verb]
    return any(access.covers(user, order, action) for action in needed)


def acts_of(user: Any, order: Order) -> list[Act]:
    return [ACTS[name] for name in allowed_moves(order) if name in ACTS and may(user, order, name)]


def money_of(user: Any, order: Order, *, today: datetime.date) -> Money:
    instalments = list(order.instalments.prefetch_related("invoices"))
    receipts = list(order.receipts.select_related("entered_by"))
    refunds = list(order.refunds.select_related("entered_by"))
    counted, credit = order.state in COUNTED, credit_of(order, receipts, refunds)
    is_invoiced = any(one.invoices.all() for one in instalments)
    return Money(
        instalments=[_shown(one, today) for one in instalments],
        receipts=receipts,
        refunds=refunds,
        credit=credit,
        may_plan=counted and not is_invoiced and order.payable > 0 and may_plan(user, order),
        may_invoice=counted and order.payable > 0 and access.covers(user, order, "invoice"),
        may_receive=counted and access.covers(user, order, "receive"),
        may_withdraw=bool(receipts) and access.covers(user, order, "receive"),
        may_refund=credit > 0 and access.covers(user, order, "refund"),
    )


def may_plan(user: Any, order: Order) -> bool:
    return access.covers(user, order, "change") or access.covers(user, order, "invoice")


def _shown(instalment: Instalment, today: datetime.date) -> ShownInstalment:
    invoice = instalment.live_invoice
    if instalment.is_overdue(today):
        return ShownInstalment(instalment, invoice, _("overdue"), "bad")
    tone = {"paid": "good", "partly_paid": "info", "due": "warn"}.get(instalment.state, "neutral")
    return ShownInstalment(instalment, invoice, instalment.get_state_display(), tone)


def facts_of(order: Order) -> list[tuple[Any, Any]]:
    return [
        (_("Ordered"), day(order.ordered_on)),
        (_("Number at the customer's"), order.their_number),
        *shared_facts(order),
        (_("Confirmed"), day(order.confirmed_on)),
        (_("Cancelled"), day(order.cancelled_on)),
        (_("Why it was cancelled"), order.cancel_reason),
        (_("Number in another system"), order.external_id),
    ]
