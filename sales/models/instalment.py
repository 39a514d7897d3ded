import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from sales.models.order import Order
from sales.states import InstalmentState


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def open(self) -> Self:
        return self.exclude(state=InstalmentState.PAID)

    def overdue(self, today: datetime.date) -> Self:
        return self.open().filter(due_on__lt=today)

    def visible_to(self, user: Any) -> Self:
        return self.filter(order__in=Order.objects.visible_to(user).order_by().values("pk"))


class Instalment(models.Model):
    """One part of an order's total with its day. Together they always are the total: a deferred trigger holds that.

    ``received`` and ``state`` follow the receipts by a trigger.
    """

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="instalments", db_index=False, verbose_name=_("order")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    due_on = models.DateField(_("due"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    condition = models.CharField(_("condition"), max_length=200, blank=True)
    received = AmountField(_("received"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=11, choices=InstalmentState.choices, default=InstalmentState.PLANNED, editable=False
    )

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["order_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="instalment_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="instalment_amount_positive",
                violation_error_message=_("An instalment is greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("amount")), name="instalment_received_within_its_amount"
            ),
        ]  # fmt: skip
        indexes = [
            # What is due and overdue.
            models.Index(fields=["due_on"], name="instalment_due", condition=~Q(state="paid")),
        ]

    def __str__(self) -> str:
        return f"{self.order} / {self.position}"

    @property
    def outstanding(self) -> Any:
        return self.amount - self.received

    def is_overdue(self, today: datetime.date) -> bool:
        return self.state != InstalmentState.PAID and self.due_on < today


class Invoice(models.Model):
    """The bill for an instalment: a number without gaps, never changed."""

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    instalment = models.OneToOneField(Instalment, models.PROTECT, related_name="invoice", verbose_name=_("instalment"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="invoices", verbose_name=_("order"))
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    issued_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("issued by")
    )

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class Receipt(models.Model):
    """Money that came in for an order. What no instalment takes is the customer's credit on that order."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts", verbose_name=_("order"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    received_on = models.DateField(_("received"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("entered by")
    )
    # A double click enters the same money once.
    key = models.CharField(max_length=64, blank=True, editable=False)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["received_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="receipt_amount_positive",
                violation_error_message=_("A receipt is greater than zero."),
            ),
            models.UniqueConstraint(fields=["order", "key"], condition=~Q(key=""), name="receipt_once"),
        ]  # fmt: skip
        # Reports: what came in in a period.
        indexes = [models.Index(fields=["received_on"], name="receipt_day")]

    def __str__(self) -> str:
        return f"{self.order}: {self.amount} {self.currency}"


class Settlement(models.Model):
    """Which part of a receipt settles which instalment."""

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="settlements", verbose_name=_("receipt"))
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="settlements", verbose_name=_("instalment"))
    amount = AmountField(_("amount"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="settlement_amount_positive")]

    def __str__(self) -> str:
        return f"{self.receipt} → {self.instalment}"
