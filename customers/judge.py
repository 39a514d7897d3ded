"""What a person says of a customer: not valid and why."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from records.dictionary import entry_by_code
from records.models import DictionaryEntry, Event
from records.refusals import Refused


def mark_invalid(customer: Customer, reason: DictionaryEntry | str, *, by: Any, batch: Any = None) -> Event | None:
    """No longer worth a call; ``reason`` is an entry of customer_invalid_reason or its code."""
    entry = entry_by_code("customer_invalid_reason", reason) if isinstance(reason, str) else reason
    if entry is None or entry.list != "customer_invalid_reason":
        raise Refused(_("Say why this customer is not valid."), reason="required")
    return customer.edit({"is_valid": False, "invalid_reason": entry}, by=by, batch=batch)


def mark_valid(customer: Customer, *, by: Any, batch: Any = None) -> Event | None:
    return customer.edit({"is_valid": True, "invalid_reason": None}, by=by, batch=batch)
