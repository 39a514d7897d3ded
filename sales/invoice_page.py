"""The page of one invoice or credit note, and the sums above the list of instalments."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from sales.models import Invoice, Settlement
from sales.money_cells import TONES, state_of_invoice
from sales.money_filters import INVOICE_STATES
from sales.states import COUNTED


@dataclass(frozen=True)
class InvoicePage:
    """``settled``: the receipts that came in for it."""

    invoice: Invoice
    state: Any
    tone: str
    facts: list[tuple[Any, Any]]
    settled: list[Settlement]
    credit_notes: list[Invoice]
    sees_customer: bool
    may_receive: bool
    may_void: bool


def invoice_page(user: Any, invoice: Invoice, *, today: datetime.date) -> InvoicePage:
    code = state_of_invoice(
        is_credit_note=invoice.is_credit_note, is_void=invoice.is_void, left=invoice.instalment.outstanding,
        due_on=invoice.due_on, day=today,
    )  # fmt: skip
    left = invoice.instalment.amount if invoice.is_standing and invoice.order.state in COUNTED else 0
    settled = invoice.instalment.settlements.select_related("receipt").order_by("receipt__received_on", "pk")
    return InvoicePage(
        invoice=invoice,
        state=dict(INVOICE_STATES)[code],
        tone=TONES[code],
        facts=_facts(invoice),
        settled=list(settled) if invoice.is_standing else [],
        credit_notes=list(invoice.credit_notes.order_by("pk")),
        sees_customer=access.covers(user, invoice.order.customer),
        may_receive=invoice.outstanding > 0 and access.covers(user, invoice.order, "receive"),
        may_void=left > 0 and access.covers(user, invoice.order, "invoice"),
    )


def _facts(invoice: Invoice) -> list[tuple[Any, Any]]:
    formats = current_formats()
    rows = [
        (_("Issued"), formats.date(invoice.issued_on)),
        (_("Due"), "" if invoice.is_credit_note else formats.date(invoice.due_on)),
        (_("Instalment"), " · ".join(filter(None, (str(invoice.instalment.position), invoice.instalment.condition)))),
        (_("Name on the invoice"), invoice.bill_name),
        (_("Address"), ", ".join(invoice.bill_address.splitlines())),
        (_("Tax number"), invoice.bill_tax_number),
        (_("Reason"), invoice.reason or (invoice.order_return.reason if invoice.order_return else "")),
        (_("Issued by"), invoice.issued_by),
    ]
    return [row for row in rows if row[1]]
