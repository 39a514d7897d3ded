"""A customer with its contacts and their points comes into being in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.derived import derive
from customers.family import refuse_cycle
from customers.grade_by_hand import holds_until
from customers.models import Contact, ContactPoint, Customer
from customers.names import full_name
from customers.points import Point, build_point, refresh_copies
from customers.states import Grade
from records.log import log_event
from records.refusals import Refused


@dataclass(frozen=True)
class NewContact:
    """A contact as it comes from a form or a lead: values of Contact.EDITABLE, and its points."""

    values: dict[str, Any]
    points: Sequence[Point] = field(default_factory=tuple)


@transaction.atomic
def create_customer(
    values: dict[str, Any], *, by: Any, owner: Any = None, pool: Any = None, points: Sequence[Point] = (),
    contacts: Sequence[NewContact] = (), batch: Any = None, facts: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Customer:  # fmt: skip
    """Makes a customer of ``owner`` (default: who does it), or one that waits in ``pool``.

    ``values``: fields of Customer.EDITABLE. Of the contacts the first is the main one unless another is.
    Raises ValidationError for a point that cannot be one, Refused for an owner who has left.
    """
    now = now or timezone.now()
    owner = None if pool else owner or by
    if owner is not None and not owner.is_active:
        raise Refused(_("%(name)s is not active.") % {"name": owner}, reason="inactive")
    row = _build(values, by=by, now=now)
    row.owner, row.team_id = owner, owner.team_id if owner else None
    row.assigned_at, row.pool, row.entered_pool_at = (now, None, None) if owner else (None, pool, now)
    refuse_cycle(row)
    row.save(force_insert=True)
    known = {"to": row.owner_id, "pool": row.pool_id, **(facts or {})}
    log_event("create", row, by=by, facts={k: v for k, v in known.items() if v is not None}, batch=batch)
    ContactPoint.objects.bulk_create(_distinct([build_point(row, point) for point in points]))
    for place, new in enumerate(_with_main(contacts)):
        _add(row, new, is_main=place == 0, by=by, batch=batch)
    refresh_copies([row.pk])
    if row.intention_id:
        derive([row.pk])
    row.refresh_from_db(fields=["phone", "email", "state", "version"])
    return row


@transaction.atomic
def add_contact(
    customer: Customer, values: dict[str, Any], *, by: Any, points: Sequence[Point] = (), batch: Any = None
) -> Contact:
    """Adds a person; the first one of a customer is its main contact."""
    customer.lock()
    has_main = customer.contacts.live().filter(is_main=True).exists()
    if values.get("is_main") and has_main:
        customer.contacts.filter(is_main=True).update(is_main=False)
    row = _add(
        customer, NewContact(values, points), is_main=bool(values.get("is_main")) or not has_main, by=by, batch=batch
    )
    refresh_copies([customer.pk])
    row.refresh_from_db(fields=["phone", "email"])
    return row


def _build(values: dict[str, Any], *, by: Any, now: datetime) -> Customer:
    unknown = set(values) - set(Customer.EDITABLE)
    if unknown:
        raise ValueError(f"not fields of a customer: {sorted(unknown)}")
    row = Customer(**values, created_by=by, created_at=now)
    row.name = row.name.strip() or full_name(row)
    row.derive_keys()
    if "grade" in values and row.grade != Grade.D:
        row.grade_until = holds_until(row.grade_until)
    return row


def _add(customer: Customer, new: NewContact, *, is_main: bool, by: Any, batch: Any) -> Contact:
    row = Contact(customer=customer, created_by=by, **{**new.values, "is_main": is_main})
    row.name = row.name.strip() or full_name(row)
    row.derive_keys()
    row.copy_hints()
    row.save(force_insert=True)
    log_event("create", row, by=by, batch=batch)
    ContactPoint.objects.bulk_create(_distinct([build_point(customer, p, contact=row) for p in new.points]))
    return row


def _with_main(contacts: Sequence[NewContact]) -> list[NewContact]:
    return sorted(contacts, key=lambda new: not new.values.get("is_main"))


def _distinct(points: list[ContactPoint]) -> list[ContactPoint]:
    """Without what was typed twice."""
    return list({(point.kind, point.normalised): point for point in reversed(points)}.values())[::-1]
