"""All phones or all e-mail addresses of a customer or contact at once: what is new is added, what is gone removed."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import Company
from customers.models import Contact, ContactPoint, Customer, PointKind
from customers.points import Point, add_point, normalised, remove_point, set_main

PHONES = (PointKind.PHONE, PointKind.MOBILE, PointKind.WHATSAPP)
EMAILS = (PointKind.EMAIL,)


def points_of(record: Customer | Contact, kinds: Sequence[str]) -> list[ContactPoint]:
    """Its own, the main one first; from what was prefetched when it was."""
    own = [point for point in record.points.all() if point.kind in kinds and _is_own(record, point)]  # type: ignore[union-attr]
    return sorted(own, key=lambda point: (not point.is_main, point.pk))


@transaction.atomic
def set_points(record: Customer | Contact, kinds: Sequence[str], values: Sequence[str], *, by: Any, field: str) -> bool:
    """The first value becomes the main one. A point that stays keeps its kind, label and consent.

    Raises ValidationError at ``field`` for what cannot be such a point. Raises the version when something changes.
    """
    customer = record if isinstance(record, Customer) else record.customer
    wanted = _wanted(customer, kinds[0], values, field)
    known = {point.normalised: point for point in points_of(record, kinds)}
    gone = [point for key, point in known.items() if key not in wanted]
    new = [value for key, value in wanted.items() if key not in known]
    for point in gone:
        remove_point(point, by=by)
    contact = record if isinstance(record, Contact) else None
    for value in new:
        point = add_point(customer, Point(kinds[0], value), by=by, contact=contact)
        known[point.normalised] = point
    main = known[next(iter(wanted))] if wanted else None
    if main is not None and not main.is_main:
        set_main(main, by=by)
    elif not gone and not new:
        return False
    type(record)._base_manager.filter(pk=record.pk).update(version=F("version") + 1)
    return True


def _wanted(customer: Customer, kind: str, values: Sequence[str], field: str) -> dict[str, str]:
    """Spelling that duplicates share → as typed."""
    country = customer.country or Company.get().country
    try:
        return {normalised(kind, value, country=country): value for value in values}
    except ValidationError as error:
        raise ValidationError({field: error}) from error


def _is_own(record: Customer | Contact, point: ContactPoint) -> bool:
    return isinstance(record, Contact) or point.contact_id is None
