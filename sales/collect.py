"""Money for an order: instalments that always are what is to be paid, receipts that settle them, refunds of credit."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from crm.money import round_money
from records.log import log_event
from records.refusals import Refused
from sales.amounts import parts
from sales.business_day import today
from sales.models import Instalment, Order, Receipt, Refund, Settlement
from sales.models.order import COUNTED
from sales.states import InstalmentState

DAYS_TO_PAY = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Part:
    """One instalment as it is planned: so many percent of the total on a day."""

    percent: Decimal
    due_on: datetime.date
    condition: str = ""


@transaction.atomic
def plan(order: Order, plan_of: Sequence[Part], *, by: Any) -> list[Instalment]:
    """Divides what is to be paid for a confirmed order; the last instalment takes the remainder of the rounding.

    Replaces the plan as long as nothing was invoiced; money that came in settles the new one. Percents add up to 100.
    """
    lock_counted(order)
    if order.invoices.exists():
        raise Refused(_("Something is invoiced already: the plan stays."), reason="money")
    if not plan_of or sum(part.percent for part in plan_of) != 100:
        raise Refused(_("The instalments together are 100 %."), reason="percents")
    amounts = parts(order.payable, [part.percent for part in plan_of], order.currency)
    if min(amounts) <= 0:
        raise Refused(_("An instalment is greater than zero."), reason="amount")
    Settlement.objects.filter(receipt__order=order).delete()
    order.instalments.all().delete()
    made = Instalment.objects.bulk_create(_instalments(order, plan_of, amounts))
    settle_credit(order)
    log_event("plan", order, by=by, facts={"instalments": len(made), "gross": order.payable})
    return made


def plan_whole(order: Order, *, by: Any, on: datetime.date | None = None) -> list[Instalment]:
    """All in one, due thirty days later."""
    return plan(order, [Part(Decimal(100), (on or today()) + DAYS_TO_PAY)], by=by)


@transaction.atomic
def postpone(instalment: Instalment, due_on: datetime.date, *, by: Any) -> None:
    """Another day for an open instalment, agreed with the customer; one with an invoice keeps the day on it."""
    order = lock_counted(instalment.order)
    instalment.refresh_from_db()
    if instalment.state == InstalmentState.PAID or instalment.live_invoice:
        raise Refused(_("This instalment is paid or invoiced: its day stays."), reason="money")
    before = instalment.due_on
    instalment.due_on = due_on
    instalment.save(update_fields=["due_on"])
    instalment.refresh_from_db()
    facts = {"instalment": instalment.pk, "from": before, "to": due_on}
    log_event("postpone", order, by=by, facts=facts)


@transaction.atomic
def receive(
    order: Order, amount: Decimal, *, by: Any, on: datetime.date | None = None, instalment: Instalment | None = None,
    reference: str = "", key: str = "",
) -> Receipt:  # fmt: skip
    """Enters money: it settles ``instalment`` first, then the oldest open ones; the rest is credit on the order.

    An order without a plan gets one of a single instalment. ``key`` marks one click of a form: the same key enters the
    money once.
    """
    lock_counted(order)
    known = Receipt.objects.filter(order=order, key=key).first() if key else None
    if known:
        return known
    amount = round_money(amount, order.currency)
    if amount <= 0:
        raise Refused(_("A receipt is greater than zero."), reason="amount")
    if order.payable > 0 and not order.instalments.exists():
        plan_whole(order, by=by, on=on)
    made = Receipt.objects.create(
        order=order, amount=amount, currency=order.currency, received_on=on or today(), reference=reference,
        entered_by=by, key=key,
    )  # fmt: skip
    settle_credit(order, first=instalment)
    order.refresh_from_db(fields=["received"])
    log_event(
        "receive",
        order,
        by=by,
        facts={"receipt": made.pk, "amount": amount, "currency": order.currency, "received": order.received},
    )
    return made


@transaction.atomic
def withdraw_receipt(receipt: Receipt, *, by: Any) -> None:
    """Takes out money that was entered by mistake; what it settled is open again, other credit settles that."""
    order = _lock_confirmed(receipt.order)
    found = Receipt.objects.filter(pk=receipt.pk).first()
    if found is None:
        raise Refused(_("This receipt is taken out already."), reason="gone")
    if credit_of(order) < _unsettled(found):
        raise Refused(_("This money went back to the customer already."), reason="refunded")
    facts = {"receipt": found.pk, "amount": found.amount, "currency": order.currency, "on": found.received_on}
    found.delete()
    settle_credit(order)
    order.refresh_from_db(fields=["received"])
    log_event("withdraw_receipt", order, by=by, facts=facts)


@transaction.atomic
def refund(
    order: Order, amount: Decimal, *, by: Any, on: datetime.date | None = None, reference: str = "", key: str = ""
) -> Refund:
    """Money goes back to the customer: at most the credit. ``key``: as of ``receive``."""
    _lock_confirmed(order)
    known = Refund.objects.filter(order=order, key=key).first() if key else None
    if known:
        return known
    amount = round_money(amount, order.currency)
    if amount <= 0:
        raise Refused(_("A refund is greater than zero."), reason="amount")
    if amount > credit_of(order):
        raise Refused(_("This is more than the credit on the order."), reason="credit")
    made = Refund.objects.create(
        order=order, amount=amount, currency=order.currency, refunded_on=on or today(), reference=reference,
        entered_by=by, key=key,
    )  # fmt: skip
    log_event("refund", order, by=by, facts={"refund": made.pk, "amount": amount, "currency": order.currency})
    return made


def settle_credit(order: Order, *, first: Instalment | None = None) -> None:
    """Money that no instalment took yet settles ``first``, then the open ones by their day. The order is locked."""
    waiting = list(order.instalments.exclude(state=InstalmentState.PAID).order_by("due_on", "position"))
    waiting.sort(key=lambda one: first is None or one.pk != first.pk)
    rest = min(_credit_now(order), sum((one.outstanding for one in waiting), Decimal(0)))
    found: list[Settlement] = []
    for receipt in order.receipts.order_by("received_on", "pk"):
        free = min(_unsettled(receipt), rest)
        rest -= free
        while free > 0:
            part = min(free, waiting[0].outstanding)
            found.append(Settlement(receipt=receipt, instalment=waiting[0], amount=part))
            free -= part
            waiting[0].received += part
            if not waiting[0].outstanding:
                waiting.pop(0)
    Settlement.objects.bulk_create(found)
    order.refresh_from_db(fields=["received"])


def credit_of(
    order: Order, receipts: Iterable[Receipt] | None = None, refunds: Iterable[Refund] | None = None
) -> Decimal:
    """What came in, no instalment took and did not go back. ``receipts``, ``refunds``: when they are at hand."""
    came = sum((one.amount for one in (order.receipts.all() if receipts is None else receipts)), Decimal(0))
    went = sum((one.amount for one in (order.refunds.all() if refunds is None else refunds)), Decimal(0))
    return came - went - order.received


def lock_counted(order: Order) -> Order:
    order.lock()
    if order.is_deleted or order.state not in COUNTED:
        raise Refused(_("Confirm the order first."), reason="state", state=order.state, allowed=("confirm",))
    return order


def _lock_confirmed(order: Order) -> Order:
    """Also one that was cancelled or returned since: its money may still have to go back."""
    order.lock()
    if order.is_deleted or order.confirmed_on is None:
        raise Refused(_("Confirm the order first."), reason="state", state=order.state, allowed=("confirm",))
    return order


def _instalments(order: Order, plan_of: Sequence[Part], amounts: list[Decimal]) -> list[Instalment]:
    now = today()
    return [
        Instalment(
            order=order, position=place, due_on=part.due_on, amount=amount, currency=order.currency,
            condition=part.condition,
            state=InstalmentState.DUE if part.due_on <= now else InstalmentState.PLANNED,
        )
        for place, (part, amount) in enumerate(zip(plan_of, amounts, strict=True), start=1)
    ]  # fmt: skip


def _credit_now(order: Order) -> Decimal:
    order.refresh_from_db(fields=["received"])
    return credit_of(order)


def _unsettled(receipt: Receipt) -> Decimal:
    return receipt.amount - (receipt.settlements.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))
