"""What quotes and orders share: a customer, lines, and totals that the database keeps."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from customers.models.follower import FollowsCustomer
from records.models import OwnedRecord
from sales.models.walks import other_owner, other_team


class Document(FollowsCustomer, OwnedRecord):
    """Totals are written by a trigger over the lines (document_rules): the sum of the lines, tax per rate over the
    sum of its lines, each rounded half up to the minor unit. ``net`` + ``tax`` is ``gross`` in either mode.
    """

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="%(class)ss", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, blank=True, related_name="%(class)ss",
        verbose_name=_("opportunity"),
    )  # fmt: skip
    currency = CurrencyField(_("currency"))
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    terms = models.TextField(_("terms"), blank=True)
    net = AmountField(_("net"), default=Decimal(0), editable=False)
    tax = AmountField(_("tax"), default=Decimal(0), editable=False)
    gross = AmountField(_("total"), default=Decimal(0), editable=False)
    # Of the lines whose cost is known; shown by the right to see cost.
    cost = AmountField(_("cost"), default=Decimal(0), editable=False)

    other_owner = other_owner()
    other_team = other_team()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def margin(self) -> Decimal:
        return self.net - self.cost


class DocumentLine(models.Model):
    """One line. ``amount`` is quantity × price less discount, rounded; a constraint holds it to that."""

    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        "sales.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=Decimal(1))
    unit_price = AmountField(_("unit price"), validators=[MinValueValidator(0)])
    discount = models.DecimalField(
        _("discount, %"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    tax_rate = models.DecimalField(
        _("tax, %"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    # Of one unit, frozen when the line is written.
    cost = AmountField(_("cost"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))
    amount = AmountField(_("amount"), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


def line_constraints(prefix: str) -> list[Any]:
    return [
        models.CheckConstraint(
            condition=Q(quantity__gt=0), name=f"{prefix}_quantity_positive",
            violation_error_message=_("A quantity is greater than zero."),
        ),
        models.CheckConstraint(
            condition=Q(unit_price__gte=0), name=f"{prefix}_price_not_negative",
            violation_error_message=_("A price is not negative."),
        ),
        models.CheckConstraint(
            condition=Q(discount__gte=0, discount__lte=100, tax_rate__gte=0, tax_rate__lte=100),
            name=f"{prefix}_percentages", violation_error_message=_("A percentage is between 0 and 100."),
        ),
    ]  # fmt: skip
