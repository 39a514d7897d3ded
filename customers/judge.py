"""What a person says of a customer: not valid and why, protected until when."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from records.dictionary import entry_by_code
from records.log import log_event
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


@transaction.atomic
def protect(customer: Customer, until: datetime | None, *, by: Any, now: datetime | None = None) -> Event:
    """Keeps a customer out of the recycle rules until a moment; None ends it. Caps are the pool's business."""
    customer.lock()
    if customer.is_in_pool:
        raise Refused(_("A customer in a pool cannot be protected."), reason="in_pool")
    if until is not None and until <= (now or timezone.now()):
        raise Refused(_("Choose a moment that lies ahead."), reason="past")
    customer.protected_until = until
    customer.save(update_fields=["protected_until"])
    return log_event("protect", customer, by=by, facts={"until": until})
