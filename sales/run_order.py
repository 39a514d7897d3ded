"""The way of an order: confirmed, shipped, delivered, closed or cancelled; what its customer becomes by it."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.models import Customer
from records.models import Event
from records.moves import move
from records.refusals import Refused
from sales.buyers import derive_buyers_of
from sales.models import Order
from sales.models.rate import in_company_currency


@transaction.atomic
def confirm(order: Order, *, by: Any, on: datetime.date | None = None) -> Event:
    """The order counts from now on: for reports, for the customer's state and for the rules of the pools."""
    Customer.objects.select_for_update().get(pk=order.customer_id)
    order.lock()
    if order.state == "draft" and not order.lines.exists():
        raise Refused(_("An order has at least one line."), reason="lines", state=order.state)
    on = on or timezone.now().astimezone(Company.get().zone).date()
    event = move(
        order, "confirm", by=by, confirmed_on=on, owner_at_confirm_id=order.owner_id,
        team_at_confirm_id=order.team_id, net_company=in_company_currency(order.net, order.currency, on=on),
        facts={"net": order.net, "gross": order.gross, "currency": order.currency},
    )  # fmt: skip
    derive_buyers_of([order.pk])
    return event


@transaction.atomic
def cancel(order: Order, reason: Any, *, by: Any, on: datetime.date | None = None) -> Event:
    """``reason``: an entry of ``order_cancel_reason``. Refused once money came in or an invoice is out."""
    Customer.objects.select_for_update().get(pk=order.customer_id)
    order.lock()
    if order.invoices.exists() or order.receipts.exists():
        raise Refused(
            _("An invoice or a receipt hangs on this order, so it cannot be cancelled."), reason="money",
            state=order.state,
        )  # fmt: skip
    on = on or timezone.now().astimezone(Company.get().zone).date()
    event = move(
        order, "cancel", by=by, cancelled_on=on, cancel_reason=reason,
        facts={"reason": reason.code, "net": order.net},
    )  # fmt: skip
    order.instalments.all().delete()
    derive_buyers_of([order.pk])
    return event


def ship(order: Order, *, by: Any) -> Event:
    return move(order, "ship", by=by)


def deliver(order: Order, *, by: Any) -> Event:
    return move(order, "deliver", by=by)


def close(order: Order, *, by: Any) -> Event:
    return move(order, "close", by=by)
