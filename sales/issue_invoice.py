"""Invoices and credit notes: numbered without gaps, with the customer's data of that day, never changed afterwards."""

import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm.places import country_name
from records.log import log_event
from records.refusals import Refused
from sales.amounts import share_of
from sales.business_day import today
from sales.collect import lock_counted, plan_whole
from sales.models import Instalment, Invoice, Order, OrderReturn
from sales.models.number_series import next_number


@transaction.atomic
def invoice_order(order: Order, *, by: Any, on: datetime.date | None = None) -> Invoice:
    """The whole order in one invoice; its plan is made when there is none, and has one instalment."""
    lock_counted(order)
    if not order.instalments.exists():
        plan_whole(order, by=by, on=on)
    instalments = list(order.instalments.all()[:2])
    if len(instalments) != 1:
        raise Refused(_("This order is paid in instalments: each has an invoice of its own."), reason="plan")
    return invoice(instalments[0], by=by, on=on)


@transaction.atomic
def invoice(instalment: Instalment, *, by: Any, on: datetime.date | None = None) -> Invoice:
    """The invoice of an instalment; asked for twice, the same one. Its number has no gap: it is given at the end."""
    order = lock_counted(instalment.order)
    made = Invoice.objects.standing().filter(instalment=instalment).first()
    if made:
        return made
    instalment.refresh_from_db()
    if instalment.amount <= 0:
        raise Refused(_("There is nothing to pay in this instalment."), reason="amount")
    on = on or today()
    made = _write(
        order, instalment, instalment.amount, _tax_of(order, instalment.amount), by=by, on=on,
        number=next_number("invoice", on), due_on=max(on, instalment.due_on), **billing_of(order),
    )  # fmt: skip
    log_event("invoice", order, by=by, facts={"invoice": made.pk, "number": made.number, "amount": made.amount})
    return made


@transaction.atomic
def void_invoice(invoice: Invoice, *, by: Any, on: datetime.date | None = None, reason: str = "") -> Invoice:
    """Takes back a wrong invoice by a credit note of all that it still stands for; its instalment can have another."""
    order = lock_counted(invoice.order)
    invoice.refresh_from_db()
    if not invoice.is_standing:
        raise Refused(_("Only an invoice that stands can be taken back."), reason="void")
    left, _tax = left_of(invoice)
    if left <= 0:
        raise Refused(_("Nothing is left of this invoice."), reason="amount")
    made = issue_credit_note(invoice, left, by=by, on=on or today(), reason=reason)
    Invoice.objects.filter(pk=invoice.pk).update(is_void=True)
    log_event("void_invoice", order, by=by, facts={"invoice": invoice.pk, "number": invoice.number})
    return made


def issue_credit_note(
    invoice: Invoice, amount: Decimal, *, by: Any, on: datetime.date, tax: Decimal | None = None, reason: str = "",
    order_return: OrderReturn | None = None,
) -> Invoice:  # fmt: skip
    """So much of the invoice is taken back, with the words of the invoice. The order is locked.

    ``tax``: within the amount; without it the invoice's share, and all that is left of it with the last part.
    """
    words = {name: getattr(invoice, name) for name in ("language", "bill_name", "bill_address", "bill_tax_number")}
    if tax is None:
        left, left_tax = left_of(invoice)
        tax = share_of(left_tax, amount, left, invoice.currency)
    made = _write(
        invoice.order, invoice.instalment, -amount, -tax, by=by, on=on, number=next_number("credit_note", on),
        due_on=on, credits=invoice, order_return=order_return, reason=reason, **words,
    )  # fmt: skip
    facts = {"invoice": made.pk, "number": made.number, "amount": made.amount, "of": invoice.number}
    log_event("credit_note", invoice.order, by=by, facts=facts)
    return made


def left_of(invoice: Invoice) -> tuple[Decimal, Decimal]:
    """What its credit notes left of an invoice: amount, and the tax within."""
    sums = invoice.credit_notes.aggregate(amount=Sum("amount"), tax=Sum("tax"))
    return invoice.amount + (sums["amount"] or 0), invoice.tax + (sums["tax"] or 0)


def billing_of(order: Order) -> dict[str, str]:
    """What the customer wants on the invoice, as it is today."""
    customer = order.customer
    town = " ".join(filter(None, (customer.postcode, customer.city)))
    known = dict(settings.LANGUAGES)
    language = next(code for code in (customer.language, Company.get().language, "en") if code in known)
    with translation.override(language):
        country = country_name(customer.country)
    lines = (order.contact.name if order.contact else "", customer.street, town, country)
    numbers = filter(None, (customer.tax_number, customer.tax_branch))
    return {
        "language": language,
        "bill_name": customer.name,
        "bill_address": "\n".join(line for line in lines if line),
        "bill_tax_number": " / ".join(numbers),
    }


def _write(
    order: Order, instalment: Instalment, amount: Decimal, tax: Decimal, *, by: Any, on: datetime.date, **values: Any
) -> Invoice:
    return Invoice.objects.create(
        order=order, instalment=instalment, issued_on=on, net=amount - tax, tax=tax, amount=amount,
        currency=order.currency, issued_by=by, **values,
    )  # fmt: skip


def _tax_of(order: Order, amount: Decimal) -> Decimal:
    """Its part of the tax that is not invoiced yet: once everything is, the taxes are together what the order owes."""
    sums = order.invoices.aggregate(amount=Sum("amount"), tax=Sum("tax"))
    tax = order.tax - (order.returned - order.returned_net) - (sums["tax"] or 0)
    return share_of(tax, amount, order.payable - (sums["amount"] or 0), order.currency)
