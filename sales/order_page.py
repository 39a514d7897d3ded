"""The page of one order: where it stands, its money, and what can be done with it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from records.moves import allowed_moves
from sales.collect import credit_of
from sales.document_page import Act, DocumentPage, day, document_page, shared_facts, way
from sales.models import Instalment, Order
from sales.models.order import COUNTED
from sales.states import OrderState

WAY = [
    (OrderState.DRAFT, _("Draft")),
    (OrderState.CONFIRMED, _("Confirmed")),
    (OrderState.SHIPPED, _("Shipped")),
    (OrderState.DELIVERED, _("Delivered")),
    ("paid", _("Paid")),
]
ACTS = {
    "confirm": Act("confirm", _("Confirm"), "circle-check", is_main=True),
    "ship": Act("ship", _("Shipped"), "truck", is_main=True),
    "deliver": Act("deliver", _("Delivered"), "package"),
    "close": Act("close", _("Close"), "archive"),
    "cancel": Act("cancel", _("Cancel the order"), "circle-x", opens="cancel"),
}
# Finance and supervisors confirm; who may confirm may also run the order on and cancel it.
NEEDS = {"confirm": ("approve",), "ship": ("change", "approve"), "deliver": ("change", "approve"),
         "close": ("change", "approve"), "cancel": ("approve",)}  # fmt: skip


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
    credit: Decimal
    may_plan: bool
    may_invoice: bool
    may_receive: bool


def order_page(user: Any, order: Order) -> DocumentPage:
    return document_page(user, order, steps=steps_of(order), acts=acts_of(user, order), facts=facts_of(order))


def steps_of(order: Order) -> list[dict[str, Any]]:
    if order.state == OrderState.CANCELLED:
        return way(WAY, OrderState.CONFIRMED, failed=order.get_state_display().capitalize())
    here = OrderState.DELIVERED if order.state == OrderState.CLOSED else order.state
    if order.is_paid and here == OrderState.DELIVERED:
        return way(WAY, "paid")
    steps = way(WAY, here)
    if order.is_paid:
        steps[-1]["state"] = "done"
    return steps


def may(user: Any, order: Order, verb: str) -> bool:
    """A draft is taken back by its author; a confirmed order is cancelled by who may confirm."""
    needed = ("change", "approve") if verb == "cancel" and order.is_draft else NEEDS[verb]
    return any(access.covers(user, order, action) for action in needed)


def acts_of(user: Any, order: Order) -> list[Act]:
    return [ACTS[name] for name in allowed_moves(order) if name in ACTS and may(user, order, name)]


def money_of(user: Any, order: Order, *, today: datetime.date) -> Money:
    instalments = list(order.instalments.prefetch_related("invoices"))
    receipts = list(order.receipts.select_related("entered_by"))
    counted = order.state in COUNTED
    is_touched = bool(receipts) or any(one.live_invoice for one in instalments)
    return Money(
        instalments=[_shown(one, today) for one in instalments],
        receipts=receipts,
        credit=credit_of(order, receipts),
        may_plan=counted and not is_touched and may_plan(user, order),
        may_invoice=counted and access.covers(user, order, "invoice"),
        may_receive=counted and access.covers(user, order, "receive"),
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
