from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from sales.models.follows_order import OF_ITS_ORDER, FollowsOrderQuerySet
from sales.models.instalment import Instalment
from sales.models.order import Order


class Receipt(models.Model):
    """Money that came in for an order. What no instalment takes is the customer's credit on that order."""

    access = OF_ITS_ORDER

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

    objects = FollowsOrderQuerySet.as_manager()

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
        indexes = [models.Index(fields=["received_on"], include=["order", "amount", "currency"], name="receipt_day")]

    def __str__(self) -> str:
        return f"{self.order}: {self.amount} {self.currency}"


class Refund(models.Model):
    """Money that went back to the customer: no more than the credit on the order, which a deferred trigger holds."""

    access = OF_ITS_ORDER

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds", verbose_name=_("order"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    refunded_on = models.DateField(_("refunded"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("entered by")
    )
    # A double click pays the same money back once.
    key = models.CharField(max_length=64, blank=True, editable=False)

    objects = FollowsOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["refunded_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="refund_amount_positive",
                violation_error_message=_("A refund is greater than zero."),
            ),
            models.UniqueConstraint(fields=["order", "key"], condition=~Q(key=""), name="refund_once"),
        ]  # fmt: skip
        # Reports: what went back in a period.
        indexes = [models.Index(fields=["refunded_on"], name="refund_day")]

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
