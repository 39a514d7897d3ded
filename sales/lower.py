"""A confirmed order owes less: its open instalments shrink from the last backwards, invoices by credit notes."""

import datetime
from decimal import Decimal
from typing import Any

from sales.amounts import share_of
from sales.issue_invoice import issue_credit_note
from sales.models import Instalment, Order, OrderReturn, Settlement


def lower(
    order: Order, by_amount: Decimal, *, by: Any, on: datetime.date, order_return: OrderReturn | None = None
) -> None:
    """Takes ``by_amount`` off the plan; the order is locked. First what nobody paid yet, from the last instalment
    backwards, then what was paid: that money becomes credit. An order without a plan has nothing to shrink.
    """
    if not order.instalments.exists():
        return
    cuts = _cuts(order, by_amount)
    for (instalment, cut), tax in zip(cuts, _taxes(cuts, order_return), strict=True):
        _shrink(instalment, cut)
        invoice = instalment.live_invoice
        if invoice:
            issue_credit_note(invoice, cut, by=by, on=on, tax=tax, order_return=order_return)
        elif not instalment.amount and not instalment.invoices.exists():
            instalment.delete()
    order.refresh_from_db(fields=["received"])


def _cuts(order: Order, rest: Decimal) -> list[tuple[Instalment, Decimal]]:
    """How much goes off which instalment."""
    backwards = list(order.instalments.order_by("-due_on", "-position"))
    found: dict[int, Decimal] = {}
    for part in ("outstanding", "received"):
        for instalment in backwards:
            cut = min(rest, getattr(instalment, part))
            found[instalment.pk] = found.get(instalment.pk, Decimal(0)) + cut
            rest -= cut
    return [(instalment, found[instalment.pk]) for instalment in backwards if found[instalment.pk]]


def _taxes(cuts: list[tuple[Instalment, Decimal]], order_return: OrderReturn | None) -> list[Decimal | None]:
    """The return's tax over its cuts, the last takes the remainder; None: as the invoice has it."""
    if order_return is None:
        return [None] * len(cuts)
    currency = order_return.order.currency
    found = [share_of(order_return.tax, cut, order_return.gross, currency) for _one, cut in cuts[:-1]]
    return [*found, order_return.tax - sum(found, Decimal(0))]


def _shrink(instalment: Instalment, cut: Decimal) -> None:
    amount = instalment.amount - cut
    _free(instalment, instalment.received - amount)
    Instalment.objects.filter(pk=instalment.pk).update(amount=amount)
    instalment.refresh_from_db()


def _free(instalment: Instalment, amount: Decimal) -> None:
    """So much of what settles it is its receipts' again, the latest first."""
    for settlement in instalment.settlements.order_by("-pk"):
        if amount <= 0:
            return
        freed = min(amount, settlement.amount)
        amount -= freed
        if freed == settlement.amount:
            settlement.delete()
        else:
            Settlement.objects.filter(pk=settlement.pk).update(amount=settlement.amount - freed)
