"""The way of an order: confirmed, shipped, delivered, closed or cancelled; what its customer becomes by it."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from records.models import Event
from records.moves import move, refuse
from records.refusals import Refused
from sales.business_day import today
from sales.buyers import derive_buyers_of
from sales.goods import goods_of
from sales.lower import lower
from sales.models import Order, Shipment, ShipmentLine
from sales.models.rate import in_company_currency
from sales.states import OrderState


@transaction.atomic
def confirm(order: Order, *, by: Any, on: datetime.date | None = None) -> Event:
    """The order counts from now on: for reports, for the customer's state and for the rules of the pools."""
    Customer.objects.select_for_update().get(pk=order.customer_id)
    order.lock()
    if order.state == "draft" and not order.lines.exists():
        raise Refused(_("An order has at least one line."), reason="lines", state=order.state)
    on = on or today()
    event = move(
        order, "confirm", by=by, confirmed_on=on, owner_at_confirm_id=order.owner_id,
        team_at_confirm_id=order.team_id, net_company=in_company_currency(order.net, order.currency, on=on),
        facts={"net": order.net, "gross": order.gross, "currency": order.currency},
    )  # fmt: skip
    derive_buyers_of([order.pk])
    return event


@transaction.atomic
def cancel(order: Order, reason: Any, *, by: Any, on: datetime.date | None = None) -> Event:
    """``reason``: an entry of ``order_cancel_reason``. Before anything is shipped; later goods are taken back.

    Invoices end in credit notes; money that came in becomes credit, to be refunded.
    """
    Customer.objects.select_for_update().get(pk=order.customer_id)
    order.lock()
    if order.state not in order.MOVES["cancel"][0]:
        refuse(order, "cancel")
    on = on or today()
    lower(order, order.payable, by=by, on=on)
    event = move(
        order, "cancel", by=by, cancelled_on=on, cancel_reason=reason,
        facts={"reason": reason.code, "net": order.net},
    )  # fmt: skip
    derive_buyers_of([order.pk])
    return event


@transaction.atomic
def ship(
    order: Order, quantities: Mapping[int, Decimal] | None = None, *, by: Any, on: datetime.date | None = None,
    reference: str = "",
) -> Event:  # fmt: skip
    """``quantities``: line id → how many; None: all that is left. Partly shipped until nothing is left."""
    order.lock()
    if order.state not in order.MOVES["ship"][0]:
        refuse(order, "ship")
    goods = goods_of(order)
    left = {one.line.pk: one.to_ship for one in goods if one.to_ship > 0}
    asked = left if quantities is None else {pk: number for pk, number in quantities.items() if number > 0}
    if not asked:
        raise Refused(_("Say how many of at least one line."), reason="quantity")
    if any(number > left.get(pk, 0) for pk, number in asked.items()):
        raise Refused(_("This is more than there is left to ship."), reason="quantity")
    _write_shipment(order, asked, by=by, on=on, reference=reference)
    to = None if asked == left else OrderState.PARTLY_SHIPPED
    return move(order, "ship", by=by, to=to, facts={"lines": len(asked)})


@transaction.atomic
def deliver(order: Order, *, by: Any) -> Event:
    """The goods are there. Straight from *confirmed* they count as shipped on the same day."""
    order.lock()
    if order.state == OrderState.CONFIRMED:
        _write_shipment(order, {one.line.pk: one.to_ship for one in goods_of(order)}, by=by)
    return move(order, "deliver", by=by)


def close(order: Order, *, by: Any) -> Event:
    return move(order, "close", by=by)


def _write_shipment(
    order: Order, quantities: Mapping[int, Decimal], *, by: Any, on: datetime.date | None = None, reference: str = ""
) -> None:
    made = Shipment.objects.create(order=order, shipped_on=on or today(), reference=reference, shipped_by=by)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=made, line_id=pk, quantity=number) for pk, number in quantities.items()
    )
