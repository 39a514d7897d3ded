"""Letting go of a customer: into a pool, with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, Pool
from customers.ownership import give
from records.dictionary import entry_by_code
from records.models import Batch, Change, Event
from records.refusals import Refused

VERB = "release_customers"
PORTION = 2_000


def release(customer: Customer, *, by: Any, reason: str, note: str = "", pool: Pool | None = None) -> Customer:
    """Puts the customer into ``pool`` (without one: the default pool). ``reason`` is a code of "release_reason"."""
    _require_reason(reason)
    pool = pool or Pool.default()
    with transaction.atomic():
        customer.lock()
        if customer.owner_id is None:
            raise Refused(_("This customer is in a pool already."), reason="in_pool")
        give([customer.pk], pool=pool, by=by, verb="release", reason=reason)
        if note:
            _keep_note(customer, note)
        customer.refresh_from_db()
        return customer


def release_all(customer_ids: Iterable[int], *, by: Any, reason: str, pool: Pool | None = None) -> Batch:
    """Releases many as one batch, in portions; those in a pool already stay where they are."""
    _require_reason(reason)
    pool, ids, now = pool or Pool.default(), sorted(set(customer_ids)), timezone.now()
    params = {"now": now.isoformat(), "pool": pool.pk, "reason": reason}
    batch = Batch.start(VERB, by=by, title=_title(len(ids)), params=params)
    for start in range(0, len(ids), PORTION):
        moved = release_portion(ids[start : start + PORTION], by=by, reason=reason, pool=pool, batch=batch, now=now)
        batch.count(moved=moved)
    batch.finish()
    return batch


@transaction.atomic
def release_portion(
    customer_ids: Iterable[int], *, by: Any, reason: str, pool: Pool, batch: Batch, now: datetime
) -> int:
    """A part of a batch, whose moment is ``now``; returns how many were moved."""
    _require_reason(reason)
    owned = list(Customer.objects.owned().filter(pk__in=customer_ids).values_list("pk", flat=True))
    return len(give(owned, pool=pool, by=by, verb="release", reason=reason, batch=batch, now=now))


def _require_reason(reason: str) -> None:
    if entry_by_code("release_reason", reason) is None:
        raise Refused(_("Say why you release this customer."), reason="reason")


def _keep_note(customer: Customer, note: str) -> None:
    """Typed text never stands in the event."""
    event = Event.objects.filter(customer_id=customer.pk, verb="release").latest("id")
    Change.objects.create(event=event, field="release_note", before=None, after=note)


def _title(count: int) -> str:
    return ngettext("Release of %(count)s customer", "Release of %(count)s customers", count) % {"count": count}
