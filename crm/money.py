"""Money: one rounding for form, database, PDF and API (PRODUCT §8: half up to the currency's minor unit)."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_precision, is_currency
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: ``Decimal("0.01")`` for EUR, ``Decimal("1")`` for JPY (source: CLDR)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """``amount`` in ``currency``, rounded half up to its minor unit. The database has the same as round_money()."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def validate_currency(code: str) -> None:
    if not is_currency(code):
        raise ValidationError(_("%(code)s is not a currency code."), params={"code": code}, code="currency")


class AmountField(models.DecimalField):
    """An amount of money up to 10¹⁴, with the four decimals that the finest currencies need."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):
    """A currency by its ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("validators", [validate_currency])
        super().__init__(*args, **kwargs)
