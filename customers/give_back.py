"""Whichever commits first stands: after a run, an activity of the former owner may still win the customer back."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from customers.models import Customer
from customers.ownership import give
from messaging.notices import tell
from records.models import Event

GRACE = timedelta(minutes=15)
FORM_LEFT_OPEN = timedelta(hours=24)


def may_still_log(customer: Customer, person: User, *, now: datetime | None = None) -> bool:
    """Whether an activity is stored although the customer fell out of her reach while she wrote it."""
    event = _lost_by_recycle(customer, person)
    return event is not None and (now or timezone.now()) - event.at <= FORM_LEFT_OPEN


def give_back_after_activity(customer: Customer, *, by: User | None, now: datetime | None = None) -> bool:
    """Called by the verb that stores an activity, in its transaction and with the customer locked.

    Within 15 minutes of the run the customer is hers again, unless somebody claimed it; later she is only told.
    """
    event = by and _lost_by_recycle(customer, by)
    if not event:
        return False
    is_in_time = (now or timezone.now()) - event.at <= GRACE
    if is_in_time:
        give([customer.pk], to=by, by=by, verb="give_back", rule=event.facts.get("rule"))
        customer.refresh_from_db()
    kind = "given_back" if is_in_time else "activity_in_pool"
    tell(kind, {by.pk: (1, {"customer": customer.pk, "pool": event.facts.get("pool")})}, key=f"{kind}:{event.pk}")
    return is_in_time


def _lost_by_recycle(customer: Customer, person: User) -> Event | None:
    """The run that took the customer from this person, while it still waits in the pool."""
    if customer.owner_id is not None or customer.former_owner_id != person.pk:
        return None
    held = Event.objects.filter(customer_id=customer.pk, subject_kind="customer", facts__has_key="pool")
    last = held.order_by("-id").first()
    return last if last and last.verb == "recycle" else None
