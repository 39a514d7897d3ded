import datetime
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from sales.models.follows_order import LISTED_BY_ITS_ORDER, ListedByOrder, ListedByOrderQuerySet, listed_by_order
from sales.models.instalment import Instalment
from sales.models.order import Order


class InvoiceQuerySet(ListedByOrderQuerySet):
    def standing(self) -> Self:
        """Invoices that count: neither voided nor credit notes."""
        return self.filter(credits__isnull=True, is_void=False)

    def open(self) -> Self:
        return self.standing().filter(instalment__received__lt=F("instalment__amount"))

    def paid(self) -> Self:
        return self.standing().filter(instalment__received__gte=F("instalment__amount"))

    def overdue(self, today: datetime.date) -> Self:
        return self.open().filter(due_on__lt=today)


class Invoice(ListedByOrder):
    """The bill for an instalment, or a credit note that takes a part or all of one back. Numbered without gaps.

    Its words and figures never change (a trigger); ``is_void`` alone is set, once. An invoice and its credit notes are
    together the instalment as it is now. ``amount`` of a credit note is negative; the customer's data are of that day.
    """

    kind = "invoice"
    access = LISTED_BY_ITS_ORDER

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="invoices", verbose_name=_("instalment"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="invoices", verbose_name=_("order"))
    # Of a credit note: the invoice that it takes back. What has none is an invoice.
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credit_notes", verbose_name=_("credit note for")
    )
    order_return = models.ForeignKey(
        "sales.OrderReturn", models.PROTECT, null=True, related_name="credit_notes", verbose_name=_("return")
    )
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"))
    net = AmountField(_("net"), default=0)
    tax = AmountField(_("tax"), default=0)
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    bill_name = models.CharField(_("name on the invoice"), max_length=255, blank=True)
    bill_address = models.TextField(_("address on the invoice"), blank=True)
    bill_tax_number = models.CharField(_("tax number of the customer"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    is_void = models.BooleanField(_("void"), default=False)
    issued_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("issued by")
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(credits__isnull=True, is_void=False),
                name="invoice_once_an_instalment",
                violation_error_message=_("This instalment has an invoice already."),
            ),
            models.CheckConstraint(
                condition=Q(credits__isnull=True, amount__gt=0)
                | Q(credits__isnull=False, amount__lt=0, is_void=False),
                name="invoice_or_credit_note",
            ),
            models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="invoice_is_net_and_tax"),
        ]  # fmt: skip
        indexes = [
            # Search by a part of the number (sales.number_search).
            GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="invoice_number_part"),
            # The list of invoices: newest first, and by the day they are due.
            *listed_by_order("-issued_on", "invoice_new"),
            *listed_by_order("due_on", "invoice_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.credits_id is not None

    @property
    def is_standing(self) -> bool:
        return not self.is_credit_note and not self.is_void

    @property
    def outstanding(self) -> Any:
        """What is still to come in for it; a void invoice and a credit note wait for nothing."""
        return self.instalment.outstanding if self.is_standing else 0

    def is_overdue(self, today: datetime.date) -> bool:
        return self.outstanding > 0 and self.due_on < today


class InvoiceFile(models.Model):
    """The PDF of an invoice, to the byte, as it was when it was first asked for."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="file", verbose_name=_("invoice"))
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("PDF of an invoice")
        verbose_name_plural = _("PDFs of invoices")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.invoice}.pdf"
