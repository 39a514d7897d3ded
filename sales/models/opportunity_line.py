from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, round_money
from sales.models.opportunity import Opportunity
from sales.models.product import Product


class OpportunityLineQuerySet(models.QuerySet["OpportunityLine"]):
    def priced(self) -> Self:
        return self.filter(amount__isnull=False)


class OpportunityLine(models.Model):
    """A product that the customer is interested in; without a price as long as none is known."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="lines", verbose_name=_("opportunity"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=Decimal(1))
    unit_price = AmountField(_("unit price"), null=True, blank=True, validators=[MinValueValidator(0)])
    discount = models.DecimalField(
        _("discount, %"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    # After the discount, in the opportunity's currency.
    amount = AmountField(_("amount"), null=True, editable=False)

    objects = OpportunityLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("product of an opportunity")
        verbose_name_plural = _("products of an opportunity")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="opportunity_line_quantity_positive",
                violation_error_message=_("A quantity is greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100), name="opportunity_line_discount_is_a_percentage",
                violation_error_message=_("A discount is between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True, amount__isnull=True)
                | Q(unit_price__isnull=False, amount__isnull=False, unit_price__gte=0, amount__gte=0),
                name="opportunity_line_amount_follows_its_price",
                violation_error_message=_("A price is not negative."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product}"

    def reckon(self) -> None:
        """Sets the amount from quantity, price and discount."""
        price: Any = self.unit_price
        self.amount = (
            None
            if price is None
            else round_money(self.quantity * price * (100 - self.discount) / 100, self.opportunity.currency)
        )
