"""The strip at the top of a customer's page: what is to be done next, the most urgent first.

Other rooms add theirs: days until the pool takes the customer, a quote that waits for an answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.formats import current_formats
from crm.register import Register


@dataclass(frozen=True)
class Step:
    """``urgency``: 0 is first. ``tone``: "", info, good, warn, bad."""

    text: str
    icon: str
    urgency: int
    tone: str = ""
    url: str = ""


# function(user, customer, *, now) → steps
next_steps: Register[Callable[..., Iterable[Step]]] = Register("next step")


def steps_for(user: Any, customer: Any, *, now: datetime) -> list[Step]:
    found = [step for source in next_steps for step in source(user, customer, now=now)]
    return sorted(found, key=lambda step: step.urgency)


def contact_step(_user: Any, customer: Any, *, now: datetime) -> Iterable[Step]:
    """When to speak next, or that nobody planned it."""
    if customer.next_contact_at is None:
        text = _("No next contact is planned") if customer.last_contact_at else _("Never contacted yet")
        yield Step(text, "calendar-plus", 30, "warn", "#log")
        return
    when = current_formats().relative(customer.next_contact_at, now=now)
    if customer.next_contact_at < now:
        yield Step(_("Next contact overdue: %(when)s") % {"when": when}, "clock-exclamation", 0, "bad", "#log")
        return
    is_today = timezone.localdate(customer.next_contact_at) == timezone.localdate(now)
    yield Step(_("Next contact: %(when)s") % {"when": when}, "calendar-due", 10, "info" if is_today else "", "#log")


def validity_step(_user: Any, customer: Any, *, now: datetime) -> Iterable[Step]:
    if not customer.is_valid:
        text = _("Not valid: %(reason)s") % {"reason": customer.invalid_reason or "–"}
        yield Step(text, "alert-circle", 5, "warn")
    if customer.protected_until and customer.protected_until > now:
        when = current_formats().date(customer.protected_until)
        yield Step(_("Protected until %(date)s") % {"date": when}, "shield-check", 40)


def add_own_steps() -> None:
    next_steps.add("contact", contact_step)
    next_steps.add("validity", validity_step)
