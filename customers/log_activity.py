"""What was done with a customer, and what it says about the next time."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.give_back import give_back_after_activity
from customers.models import Activity, Customer
from customers.states import ActivityState
from records.log import log_event
from records.models.alias import merged_into
from records.moves import move
from records.refusals import Refused

# Clocks differ a little; what lies further ahead is a plan.
SLACK = timedelta(minutes=5)


@transaction.atomic
def log_activity(
    customer: Customer, values: dict[str, Any], *, by: Any, about: Any = None, batch: Any = None,
    now: datetime | None = None,
) -> Activity:  # fmt: skip
    """Notes what happened: last contact rises, the next one is set, or cleared when this was it.

    ``values``: fields of Activity.EDITABLE; ``at`` is now unless said otherwise.
    """
    now = now or timezone.now()
    values = {"at": now, **{name: value for name, value in values.items() if value is not None}}
    if values["at"] > now + SLACK:
        raise Refused(_("This lies in the future: plan it instead."), reason="future")
    row = _add(customer, values, ActivityState.DONE, by=by, about=about)
    _touch(customer, row, by=by, now=now)
    log_event("log", row, by=by, facts={"type": row.type}, batch=batch)
    return row


@transaction.atomic
def plan_activity(
    customer: Customer, values: dict[str, Any], *, by: Any, about: Any = None, now: datetime | None = None
) -> Activity:
    """Notes what is going to happen; the customer's next contact is at the latest then."""
    now = now or timezone.now()
    if values["at"] < now - SLACK:
        raise Refused(_("This lies in the past: note it as done instead."), reason="past")
    row = _add(customer, values, ActivityState.PLANNED, by=by, about=about)
    _plan(customer, row.at)
    log_event("plan", row, by=by, facts={"type": row.type})
    return row


@transaction.atomic
def complete_activity(
    activity: Activity, *, by: Any, content: str | None = None, outcome: Any = None,
    next_contact_at: datetime | None = None, now: datetime | None = None,
) -> Activity:  # fmt: skip
    """A planned activity took place."""
    now = now or timezone.now()
    stamps: dict[str, Any] = {"at": min(activity.at, now), "done_by": by}
    for name, value in (("content", content), ("outcome", outcome), ("next_contact_at", next_contact_at)):
        if value is not None:
            stamps[name] = value
    move(activity, "done", by=by, facts={"type": activity.type}, **stamps)
    _touch(activity.customer, activity, by=by, now=now)
    return activity


@transaction.atomic
def cancel_activity(activity: Activity, *, by: Any) -> Activity:
    move(activity, "cancel", by=by, facts={"type": activity.type})
    return activity


@transaction.atomic
def plan_next_contact(customer: Customer, at: datetime | None, *, by: Any, now: datetime | None = None) -> None:
    """Sets when to speak next; None clears it."""
    now = now or timezone.now()
    if at is not None and at < now - SLACK:
        raise Refused(_("The next contact lies in the past."), reason="past")
    Customer.objects.filter(pk=customer.pk).update(next_contact_at=at)
    customer.next_contact_at = at
    log_event("plan_contact", customer, by=by, facts={"at": at})


def _add(customer: Customer, values: dict[str, Any], state: str, *, by: Any, about: Any) -> Activity:
    row = Activity(customer=customer, state=state, done_by=by, created_by=by, **values)
    if about is not None:
        row.about_kind, row.about_id = about.kind, about.pk
    row.copy_hints()
    row.save(force_insert=True)
    return row


# One UPDATE, so that two people who log at once leave the later moment. A plan that was due has been kept by this
# contact; one that lies ahead stays unless a new one was made.
_TOUCH = """
UPDATE customers_customer SET last_contact_at = greatest(last_contact_at, %(at)s),
    next_contact_at = CASE WHEN %(next)s::timestamptz IS NOT NULL THEN %(next)s
                           WHEN next_contact_at <= %(day_end)s THEN NULL ELSE next_contact_at END
WHERE id = %(id)s RETURNING last_contact_at, next_contact_at, owner_id, deleted_at
"""


def _touch(customer: Customer, row: Activity, *, by: Any, now: datetime) -> None:
    """Locks the customer, and so stands before or after a run that takes it away, never beside it."""
    day_end = timezone.localtime(row.at).replace(hour=23, minute=59, second=59)
    values = {"id": customer.pk, "at": row.at, "next": row.next_contact_at, "day_end": day_end}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, values)
        customer.last_contact_at, customer.next_contact_at, owner_id, deleted_at = cursor.fetchone()
    into = merged_into("customer", customer.pk) if deleted_at else None
    if into is not None:
        _follow(row, into, by=by, now=now)
    elif owner_id is None:
        customer.refresh_from_db()
        give_back_after_activity(customer, by=by, now=now)


def _follow(row: Activity, into: int, *, by: Any, now: datetime) -> None:
    """The customer was merged while this was written: what was noted goes to the one that stands."""
    row.customer = Customer._base_manager.get(pk=into)
    row.copy_hints()
    row.save(update_fields=["customer", "customer_owner", "customer_team"])
    _touch(row.customer, row, by=by, now=now)


def _plan(customer: Customer, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET next_contact_at = least(next_contact_at, %s) WHERE id = %s"
            " RETURNING next_contact_at",
            [at, customer.pk],
        )
        (customer.next_contact_at,) = cursor.fetchone()
