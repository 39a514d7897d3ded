"""Keeping a customer out of the recycle rules until a day: within the company's limits, counted under a lock.

Locks in the house's order: the owner first, so that the cap holds under any number of clicks; then the customer.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from customers.models import Customer, ProtectionLimits
from customers.models.protection_limits import LONGEST
from records.log import log_event
from records.models import Event
from records.refusals import Refused

ONE_DAY = timedelta(days=1)


@transaction.atomic
def protect(customer: Customer, until: datetime | None, *, by: Any, now: datetime | None = None) -> Event:
    """None ends it. The cap is the owner's, whoever protects; what a supervisor assigns to her passes it."""
    owner = _lock_owner(customer)
    customer.lock()
    now = now or timezone.now()
    if customer.is_in_pool:
        raise Refused(_("A customer in a pool cannot be protected."), reason="in_pool")
    if owner is None or customer.owner_id != owner.pk:
        raise Refused(_("This customer changed hands just now. Look at it again."), reason="owner")
    if until is not None:
        limits = ProtectionLimits.get()
        _refuse_day(until, limits, now)
        _refuse_cap(customer, owner, limits, now)
    customer.protected_until = until
    customer.save(update_fields=["protected_until"])
    return log_event("protect", customer, by=by, facts={"until": until})


def _lock_owner(customer: Customer) -> User | None:
    """The same lock as a claim."""
    held = Customer._base_manager.filter(pk=customer.pk).values("owner")
    return User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=held).first()


def _refuse_day(until: datetime, limits: ProtectionLimits, now: datetime) -> None:
    if until <= now:
        raise Refused(_("Choose a moment that lies ahead."), reason="past")
    # A day more: the person's zone may end the last day later than the company's.
    if until > now + timedelta(days=limits.most_days) + ONE_DAY:
        raise Refused(
            ngettext(
                "A protection lasts at most %(days)s day.", "A protection lasts at most %(days)s days.",
                limits.most_days,
            )
            % {"days": limits.most_days},
            reason="too_long", limit=limits.most_days,
        )  # fmt: skip


def _refuse_cap(customer: Customer, owner: User, limits: ProtectionLimits, now: datetime) -> None:
    if limits.most_at_once is None:
        return
    others = protected_of(owner.pk, now).exclude(pk=customer.pk)
    if others.order_by()[: limits.most_at_once].count() >= limits.most_at_once:
        raise Refused(
            ngettext(
                "%(name)s protects %(cap)s customer already, which is the limit. End that protection first.",
                "%(name)s protects %(cap)s customers already, which is the limit. End another protection first.",
                limits.most_at_once,
            )
            % {"name": owner, "cap": limits.most_at_once},
            reason="protection_cap", limit=limits.most_at_once,
        )  # fmt: skip


def protected_of(owner: Any, now: datetime) -> QuerySet[Customer]:
    return Customer.objects.live().filter(owner=owner, protected_until__gt=now)


def room_to_protect(customer: Customer, *, now: datetime | None = None) -> QuerySet:
    """One row for the dialog: the owner's ``name``, how many she protects (``held``), ``most`` and ``days``."""
    held = protected_of(OuterRef("pk"), now or timezone.now()).order_by().values("owner").annotate(n=Count("pk"))
    limits = ProtectionLimits.objects.order_by("pk")
    return (
        User.objects.filter(pk=customer.owner_id)
        .order_by("pk")
        .annotate(
            held=Subquery(held.values("n")), most=Subquery(limits.values("most_at_once")[:1]),
            days=Subquery(limits.values("most_days")[:1]),
        )
        .values("name", "held", "most", "days")
    )  # fmt: skip


def days_of(room: dict[str, Any]) -> int:
    """Until somebody opened the limits' page there is no row."""
    return LONGEST if room["days"] is None else room["days"]
