import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.money import CurrencyField, round_money
from records.models import Rule


class ExchangeRate(Rule):
    """What one unit of a foreign currency is worth in the company's currency, from a day on."""

    kind = "exchange_rate"
    EDITABLE = ("rate",)

    currency = CurrencyField(_("currency"))
    valid_from = models.DateField(_("valid from"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    objects: ClassVar[models.Manager["ExchangeRate"]] = models.Manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "valid_from"], name="exchange_rate_once_a_day",
                violation_error_message=_("This day has a rate already."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0), name="exchange_rate_positive",
                violation_error_message=_("A rate is greater than zero."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}: {self.rate}"


def in_company_currency(amount: Decimal | None, currency: str, *, on: datetime.date) -> Decimal | None:
    """``amount`` in the company's currency at the rate of its day; None when no rate is known for that day."""
    from accounts.models import Company

    own = Company.get().currency
    if amount is None or currency == own:
        return amount
    rate = ExchangeRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from").first()
    return round_money(amount * rate.rate, own) if rate else None
