"""Goods on their way: what was shipped of an order, by line, and what came back."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField
from records.models import dictionary_key
from sales.models.follows_order import OF_ITS_ORDER, FollowsOrderQuerySet
from sales.models.order import Order, OrderLine


def _quantity() -> Any:
    return models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, validators=[MinValueValidator(0)]
    )  # fmt: skip


class Shipment(models.Model):
    """One shipment of an order. Orders that came as shipped from elsewhere have none: all of them was shipped."""

    access = OF_ITS_ORDER

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments", verbose_name=_("order"))
    shipped_on = models.DateField(_("shipped"))
    reference = models.CharField(_("consignment number"), max_length=120, blank=True)
    shipped_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("shipped by")
    )

    objects = FollowsOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["shipped_on", "id"]

    def __str__(self) -> str:
        return f"{self.order}: {self.shipped_on}"


class ShipmentLine(models.Model):
    """So much of a line in a shipment. Together no more than the line has: a trigger holds that."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines", verbose_name=_("shipment"))
    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="shipped_in", verbose_name=_("line"))
    quantity = _quantity()

    objects: ClassVar[models.Manager["ShipmentLine"]] = models.Manager()

    class Meta:
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of a shipment")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_quantity_positive")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"


class OrderReturn(models.Model):
    """What came back of a confirmed order on a day, or was given up before it was shipped (``is_unshipped``).

    ``net``, ``tax`` and ``gross`` are the order's share; all returns of a whole order are together exactly its totals.
    ``net_company``: the same share of the order's net in the company's currency. Reports take it off on its own date.
    """

    access = OF_ITS_ORDER

    order = models.ForeignKey(Order, models.PROTECT, related_name="returns", verbose_name=_("order"))
    returned_on = models.DateField(_("returned"))
    reason = dictionary_key("order_return_reason", verbose_name=_("reason"), null=False, blank=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_unshipped = models.BooleanField(_("given up before it was shipped"), default=False)
    net = AmountField(_("net"))
    tax = AmountField(_("tax"))
    gross = AmountField(_("total"))
    net_company = AmountField(_("net in the company's currency"), null=True)
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("entered by")
    )
    # A double click takes the same goods back once.
    key = models.CharField(max_length=64, blank=True, editable=False)

    objects = FollowsOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["returned_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(net__gte=0, tax__gte=0, gross__gte=0), name="return_not_negative"),
            models.UniqueConstraint(fields=["order", "key"], condition=~Q(key=""), name="return_once"),
        ]
        # Reports: what came back in a period.
        indexes = [models.Index(fields=["returned_on"], include=["order", "net_company"], name="return_day")]

    def __str__(self) -> str:
        return f"{self.order}: {self.returned_on}"


class OrderReturnLine(models.Model):
    """So much of a line came back; ``amount`` is its share of the line. Together no more than the line has."""

    order_return = models.ForeignKey(OrderReturn, models.CASCADE, related_name="lines", verbose_name=_("return"))
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="returned_in", verbose_name=_("line"))
    quantity = _quantity()
    amount = AmountField(_("amount"))

    objects: ClassVar[models.Manager["OrderReturnLine"]] = models.Manager()

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of a return")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, amount__gte=0), name="return_line_quantity_positive")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"
