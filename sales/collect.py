"""Money for an order: instalments that always are its total, invoices without gaps, receipts that settle them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm.money import round_money
from records.log import log_event
from records.refusals import Refused
from sales.amounts import parts
from sales.models import Instalment, Invoice, Order, Receipt, Settlement
from sales.models.number_series import next_number
from sales.models.order import COUNTED
from sales.states import InstalmentState


@dataclass(frozen=True)
class Part:
    """One instalment as it is planned: so many percent of the total on a day."""

    percent: Decimal
    due_on: datetime.date
    condition: str = ""


@transaction.atomic
def plan(order: Order, plan_of: Sequence[Part], *, by: Any) -> list[Instalment]:
    """Divides the total of a confirmed order; the last instalment takes the remainder of the rounding.

    Replaces the plan as long as nothing was invoiced or received. Percents add up to 100.
    """
    _lock_counted(order)
    if order.invoices.exists() or order.receipts.exists():
        raise Refused(_("Something is invoiced or received already: the plan stays."), reason="money")
    if not plan_of or sum(part.percent for part in plan_of) != 100:
        raise Refused(_("The instalments together are 100 %."), reason="percents")
    order.instalments.all().delete()
    amounts = parts(order.gross, [part.percent for part in plan_of], order.currency)
    made = Instalment.objects.bulk_create(
        Instalment(
            order=order, position=place, due_on=part.due_on, amount=amount, currency=order.currency,
            condition=part.condition,
        )
        for place, (part, amount) in enumerate(zip(plan_of, amounts, strict=True), start=1)
    )  # fmt: skip
    log_event("plan", order, by=by, facts={"instalments": len(made), "gross": order.gross})
    return made


@transaction.atomic
def invoice(instalment: Instalment, *, by: Any, on: datetime.date | None = None) -> Invoice:
    """The invoice of an instalment; asked for twice, the same one. Its number has no gap: it is given at the end."""
    order = _lock_counted(instalment.order)
    made = Invoice.objects.filter(instalment=instalment).first()
    if made:
        return made
    on = on or _today()
    made = Invoice.objects.create(
        number=next_number("invoice", on), instalment=instalment, order=order, issued_on=on,
        due_on=max(on, instalment.due_on), amount=instalment.amount, currency=instalment.currency, issued_by=by,
    )  # fmt: skip
    log_event("invoice", order, by=by, facts={"invoice": made.pk, "number": made.number, "amount": made.amount})
    return made


@transaction.atomic
def receive(
    order: Order, amount: Decimal, *, by: Any, on: datetime.date | None = None, instalment: Instalment | None = None,
    reference: str = "", key: str = "",
) -> Receipt:  # fmt: skip
    """Enters money: it settles ``instalment`` first, then the oldest open ones; the rest is credit on the order.

    ``key`` marks one click of a form: the same key enters the money once.
    """
    _lock_counted(order)
    known = Receipt.objects.filter(order=order, key=key).first() if key else None
    if known:
        return known
    amount = round_money(amount, order.currency)
    if amount <= 0:
        raise Refused(_("A receipt is greater than zero."), reason="amount")
    made = Receipt.objects.create(
        order=order, amount=amount, currency=order.currency, received_on=on or _today(), reference=reference,
        entered_by=by, key=key,
    )  # fmt: skip
    _settle(made, instalment)
    order.refresh_from_db(fields=["received"])
    log_event("receive", order, by=by, facts={"receipt": made.pk, "amount": amount, "received": order.received})
    return made


def _settle(receipt: Receipt, first: Instalment | None) -> None:
    waiting = list(receipt.order.instalments.exclude(state=InstalmentState.PAID).order_by("due_on", "position"))
    waiting.sort(key=lambda one: first is None or one.pk != first.pk)
    rest, found = receipt.amount, []
    for instalment in waiting:
        part = min(rest, instalment.outstanding)
        if part > 0:
            found.append(Settlement(receipt=receipt, instalment=instalment, amount=part))
            rest -= part
    Settlement.objects.bulk_create(found)


def credit_of(order: Order, receipts: Iterable[Receipt] | None = None) -> Decimal:
    """What came in and no instalment took. ``receipts``: those of the order, when they are at hand."""
    found = order.receipts.all() if receipts is None else receipts
    taken = sum((receipt.amount for receipt in found), Decimal(0))
    return taken - order.received


def _lock_counted(order: Order) -> Order:
    order.lock()
    if order.is_deleted or order.state not in COUNTED:
        raise Refused(_("Confirm the order first."), reason="state", state=order.state, allowed=("confirm",))
    return order


def _today() -> datetime.date:
    return timezone.now().astimezone(Company.get().zone).date()
