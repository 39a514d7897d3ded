from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from crm.money import AmountField, CurrencyField
from records.models import Event, Record, RecordQuerySet, dictionary_key
from sales.models.named import Named


class ProductQuerySet(RecordQuerySet):
    def active(self) -> Self:
        """What can still be offered."""
        return self.live().filter(is_active=True)


class Product(Named, Record):
    """What the company sells: goods or a service, with its list price and, for those who may see it, its cost."""

    kind = "product"
    access = Path("product", owned=False)
    EDITABLE = (
        "code", "name", "name_zh", "name_ru", "description", "category", "unit", "price", "currency", "cost",
        "tax_rate", "is_active", "external_id", "external_system",
    )  # fmt: skip

    code = models.CharField(_("code"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    category = dictionary_key("product_category", verbose_name=_("series"))
    unit = dictionary_key("product_unit", verbose_name=_("unit"))
    # None: priced only in price lists, or each time anew.
    price = AmountField(_("price"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))
    cost = AmountField(_("cost"), null=True, blank=True, validators=[MinValueValidator(0)])
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    is_active = models.BooleanField(_("can be offered"), default=True)
    # The number in the system that the product was imported from.
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("code"), condition=~Q(code="") & Q(deleted_at__isnull=True), name="product_code_once",
                violation_error_message=_("Another product has this code."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""),
                name="product_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="product_price_not_negative",
                violation_error_message=_("A price is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="product_cost_not_negative",
                violation_error_message=_("A cost is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100), name="product_tax_rate_is_a_percentage",
                violation_error_message=_("A tax rate is between 0 and 100."),
            ),
        ]  # fmt: skip
        indexes = [
            # The list of products: by name (default), by code, newest first.
            models.Index(fields=["name", "id"], name="product_by_name", condition=Q(deleted_at__isnull=True)),
            models.Index(fields=["code", "id"], name="product_by_code", condition=Q(deleted_at__isnull=True)),
            models.Index(fields=["-created_at", "-id"], name="product_newest", condition=Q(deleted_at__isnull=True)),
        ]

    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        from sales.search import index_products  # reads this model

        with transaction.atomic():
            event = super().edit(values, by=by, **how)
            if event and set(event.facts["fields"]) & {"name", "name_zh", "name_ru", "code", "external_id"}:
                index_products([self.pk])
        return event
