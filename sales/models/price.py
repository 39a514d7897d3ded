import datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from records.models import Rule
from sales.models.product import Product


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def on(self, day: datetime.date) -> Self:
        """Those that are offered on this day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            is_active=True,
        )  # fmt: skip


class PriceList(Rule):
    """Prices of one market or group of customers, in one currency, net or gross, between two days (both included)."""

    kind = "price_list"
    EDITABLE = ("name", "currency", "is_gross", "is_active", "valid_from", "valid_to")

    name = models.CharField(_("name"), max_length=120)
    currency = CurrencyField(_("currency"))
    is_gross = models.BooleanField(_("prices include tax"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="price_list_name_once",
                violation_error_message=_("Another price list has this name."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="price_list_ends_after_it_starts",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PriceQuerySet(models.QuerySet["Price"]):
    def on(self, day: datetime.date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def of(self, product: Product, price_list: PriceList, quantity: Decimal) -> "Price | None":
        """The price of the largest step that the quantity reaches."""
        steps = self.filter(product=product, price_list=price_list, from_quantity__lte=quantity)
        return steps.order_by("-from_quantity").first()


class Price(Rule):
    """A product's price in a list, in the list's currency, from a quantity on, between two days (both included)."""

    kind = "price"
    EDITABLE = ("amount", "from_quantity", "valid_from", "valid_to")

    price_list = models.ForeignKey(
        PriceList, models.CASCADE, related_name="prices", db_index=False, verbose_name=_("price list")
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="prices", verbose_name=_("product"))
    amount = AmountField(_("price"))
    from_quantity = models.DecimalField(_("from quantity"), max_digits=14, decimal_places=3, default=Decimal(1))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["price_list_id", "product_id", "from_quantity", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="price_not_negative",
                violation_error_message=_("A price is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(from_quantity__gte=0), name="price_quantity_not_negative",
                violation_error_message=_("A quantity is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="price_ends_after_it_starts",
                violation_error_message=_("The last day is not before the first."),
            ),
            # Also the way to a product's prices in a list.
            ExclusionConstraint(
                name="prices_do_not_overlap",
                expressions=[
                    ("price_list", RangeOperators.EQUAL),
                    ("product", RangeOperators.EQUAL),
                    ("from_quantity", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"), F("valid_to"), RangeBoundary(inclusive_upper=True),
                            function="DATERANGE", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another price of this product is valid in these days."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product}: {self.amount}"
