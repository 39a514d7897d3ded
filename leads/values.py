"""What may stand in a lead's fields: the same answer for forms, the API and whatever else lets a person type."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm import normalise


def cleaned(values: Mapping[str, Any], *, country: str = "") -> dict[str, Any]:
    """The values, trimmed and completed; raises ValidationError by field. Only fields that are given are judged.

    ``country``: where a phone number without country code is read when the values name no country.
    """
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    _complete_currency(values)
    errors = {name: error for name, error in _errors(values, values.get("country") or country) if error}
    if errors:
        raise ValidationError(errors)
    return values


def _complete_currency(values: dict[str, Any]) -> None:
    """An amount without currency is one in the company's."""
    if values.get("estimated_value") is not None and not values.get("currency"):
        values["currency"] = Company.get().currency


def _errors(values: Mapping[str, Any], country: str) -> Any:
    if "name" in values and "company" in values and not (values["name"] or values["company"]):
        yield "name", _("Give the name of the person or of the company.")
    for name in ("phone", "mobile"):
        if values.get(name) and normalise.phone(values[name], country or Company.get().country) is None:
            yield name, _("This is not a phone number. Add the country code, such as +49.")
    if values.get("email") and normalise.email(values["email"]) is None:
        yield "email", _("This is not an e-mail address.")
    if values.get("estimated_value") is not None and Decimal(values["estimated_value"]) < 0:
        yield "estimated_value", _("An estimated value is not negative.")
