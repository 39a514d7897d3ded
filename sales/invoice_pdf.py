"""The PDF of an invoice or a credit note, in the customer's language. Kept to the byte when it is first asked for."""

import datetime
import hashlib
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Company
from crm.formats import Formats, current_formats
from sales.amounts import totals
from sales.models import Invoice, InvoiceFile
from sales.paper import line_on_paper, plain_number, print_paper, sender_of, tongue


def invoice_file(invoice: Invoice, *, now: datetime.datetime | None = None) -> bytes:
    """The bytes that everybody gets for this invoice, today and later."""
    kept = InvoiceFile.objects.filter(invoice=invoice).first()
    if kept is None:
        now = now or timezone.now()
        kept = _keep(invoice, invoice_pdf(invoice, now=now), now)
    return bytes(kept.content)


def invoice_pdf(invoice: Invoice, *, now: datetime.datetime) -> bytes:
    with translation.override(invoice.language or "en"):
        data = paper_of(invoice)
    return print_paper(data, now=now)


@transaction.atomic
def _keep(invoice: Invoice, content: bytes, now: datetime.datetime) -> InvoiceFile:
    """Whoever is second gets what the first one kept."""
    Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    values = {"content": content, "sha256": hashlib.sha256(content).hexdigest(), "made_at": now}
    return InvoiceFile.objects.get_or_create(invoice=invoice, defaults=values)[0]


def paper_of(invoice: Invoice) -> dict[str, Any]:
    """All words and figures of the paper, in the active language."""
    formats = current_formats()
    return {
        **tongue(invoice.language),
        "title": _("Credit note") if invoice.is_credit_note else _("Invoice"),
        "number": invoice.number,
        "company": Company.get().title,
        "sender": sender_of(Company.get()),
        "watermark": "",
        "address": [line for line in (invoice.bill_name, *invoice.bill_address.splitlines()) if line],
        "head": _head(invoice, formats),
        "intro": "",
        "columns": ["", _("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Tax"), _("Amount")],
        "lines": _lines(invoice, formats),
        "totals": [(_("Net"), formats.money(invoice.net, invoice.currency)), *_taxes(invoice, formats)],
        "total": [_("Total"), formats.money(invoice.amount, invoice.currency)],
        "terms": "" if invoice.is_credit_note else _payment(invoice, formats),
        "labels": {"page": _("Page"), "terms": _("Payment")},
    }


def _head(invoice: Invoice, formats: Formats) -> list[tuple[str, str]]:
    order = invoice.order
    pairs = [
        (_("Number"), invoice.number),
        (_("Credit note for"), invoice.credits.number if invoice.credits else ""),
        (_("Date"), formats.date(invoice.issued_on)),
        (_("Due"), "" if invoice.is_credit_note else formats.date(invoice.due_on)),
        (_("Order"), order.number),
        (_("Your number"), order.their_number),
        (_("Your tax number"), invoice.bill_tax_number),
    ]
    return [pair for pair in pairs if pair[1]]


def _lines(invoice: Invoice, formats: Formats) -> list[dict[str, str]]:
    """The lines of the order when the invoice is all of it, the goods of a return, else one line in words."""
    order, back = invoice.order, invoice.order_return
    if not invoice.is_credit_note and invoice.amount == order.gross:
        return [line_on_paper(line, formats) for line in order.lines.all()]
    if back is not None and -invoice.amount == back.gross:
        return [_returned(number, one, formats) for number, one in enumerate(back.lines.select_related("line"), 1)]
    amount = formats.money(invoice.amount, invoice.currency)
    return [{"position": "1", "name": _in_words(invoice), "description": _goods_of(invoice), "quantity": "1",
             "price": amount, "discount": "", "tax": "", "amount": amount}]  # fmt: skip


def _returned(number: int, one: Any, formats: Formats) -> dict[str, str]:
    shown = line_on_paper(one.line, formats)
    quantity = f"{plain_number(one.quantity, formats)} {one.line.unit}".strip()
    amount = formats.money(-one.amount, one.line.currency)
    return {**shown, "position": str(number), "quantity": quantity, "amount": amount}


def _in_words(invoice: Invoice) -> str:
    if invoice.credits:
        return _("Credit for invoice %(number)s") % {"number": invoice.credits.number}
    words = {
        "position": invoice.instalment.position,
        "count": invoice.order.instalments.count(),
        "order": invoice.order.number,
    }
    return _("Instalment %(position)s of %(count)s of order %(order)s") % words


def _goods_of(invoice: Invoice) -> str:
    if invoice.is_credit_note:
        return invoice.reason
    goods = ", ".join(invoice.order.lines.values_list("name", flat=True))
    return " · ".join(filter(None, (invoice.instalment.condition, goods)))


def _taxes(invoice: Invoice, formats: Formats) -> list[tuple[str, str]]:
    """By rate where the paper has the lines; else the tax within the amount."""
    order = invoice.order
    if not invoice.is_credit_note and invoice.amount == order.gross:
        pairs = [(line.tax_rate, line.amount) for line in order.lines.all()]
        rates = totals(pairs, order.currency, include_tax=order.prices_include_tax).rates
        return [_tax(rate, tax, invoice, formats) for rate, tax in rates.items() if rate]
    rates_of = {line.tax_rate for line in order.lines.all()}
    if len(rates_of) == 1:
        return [_tax(rates_of.pop(), invoice.tax, invoice, formats)] if invoice.tax else []
    return [(_("Tax"), formats.money(invoice.tax, invoice.currency))]


def _tax(rate: Decimal, tax: Decimal, invoice: Invoice, formats: Formats) -> tuple[str, str]:
    return _("Tax %(rate)s %%") % {"rate": plain_number(rate, formats)}, formats.money(tax, invoice.currency)


def _payment(invoice: Invoice, formats: Formats) -> str:
    company = Company.get()
    words = {"amount": formats.money(invoice.amount, invoice.currency), "day": formats.date(invoice.due_on)}
    asked = _("Please pay %(amount)s by %(day)s.") % words
    bank = " · ".join(filter(None, (company.bank_name, company.bank_account, company.bank_code)))
    reference = _("Reference: %(number)s") % {"number": invoice.number}
    return "\n".join(filter(None, (asked, bank, reference, invoice.order.terms.replace("\r", ""))))
