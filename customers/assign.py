"""A supervisor gives customers to a person: out of a pool, or from another owner. The limits of claims do not hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from customers.models import Customer
from customers.ownership import give
from messaging.notices import tell
from records.models import Batch
from records.refusals import Refused

VERB = "assign_customers"
PORTION = 2_000


def assign(customer: Customer, *, to: User, by: Any) -> Customer:
    """Gives one customer to ``to``."""
    with transaction.atomic():
        _lock(to)
        customer.lock()
        if customer.owner_id == to.pk:
            raise Refused(_("%(name)s owns this customer already.") % {"name": to}, reason="yours")
        give([customer.pk], to=to, by=by, verb="assign")
        customer.refresh_from_db()
        if to != by:
            tell("assigned", {to.pk: (1, {"customer": customer.pk})}, key=f"assigned:{customer.pk}:{customer.version}")
        return customer


def assign_all(customer_ids: Iterable[int], *, to: User, by: Any, batch: Batch | None = None) -> Batch:
    """Gives many to one person as one batch, in portions; those she owns already stay as they are."""
    ids = sorted(set(customer_ids))
    now = timezone.now()
    params = {"now": now.isoformat(), "to": to.pk}
    batch = batch or Batch.start(VERB, by=by, title=_title(len(ids), to), params=params)
    if batch.params.get("now") is None:
        batch.params.update(params)
        batch.save(update_fields=["params"])
    moved = 0
    for start in range(0, len(ids), PORTION):
        moved += assign_portion(ids[start : start + PORTION], to=to, by=by, batch=batch, now=now)
    batch.finish(moved=moved)
    return batch


@transaction.atomic
def assign_portion(customer_ids: Iterable[int], *, to: User, by: Any, batch: Batch, now: datetime) -> int:
    """A part of a batch; one notice counts all of them. Returns how many were moved."""
    _lock(to)
    done = give(customer_ids, to=to, by=by, verb="assign", batch=batch, now=now)
    if done and to != by:
        tell("assigned_many", {to.pk: (len(done), {})}, key=f"assigned:{batch.pk}", batch=batch, adds=True)
    return len(done)


def _lock(person: User) -> None:
    """The same lock as a claim: her holding cap is counted under it."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _title(count: int, to: User) -> str:
    text = ngettext("%(count)s customer to %(name)s", "%(count)s customers to %(name)s", count)
    return text % {"count": count, "name": to}
