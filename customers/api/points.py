"""``phones`` and ``emails`` of contacts and customers: lists of text, the main one first."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from pydantic import Field

from accounts.models import Company
from crm.endpoints.schemas import Name
from crm.endpoints.values import values_of
from customers.models import PointKind
from customers.points import Point, normalised
from customers.set_points import EMAILS, PHONES, points_of, set_points
from records.refusals import StaleVersion

Points = Annotated[list[Name], Field(max_length=20)]
# List → the field that names its first one → kinds.
LISTS: Mapping[str, tuple[str, Any]] = {"phones": ("phone", PHONES), "emails": ("email", EMAILS)}


def phones(record: Any) -> list[str]:
    return [point.value for point in points_of(record, PHONES)]


def emails(record: Any) -> list[str]:
    return [point.value for point in points_of(record, EMAILS)]


def new_points(sent: dict[str, Any], *, country: str) -> list[Point]:
    """Takes the points out of ``sent``, the first of each list as the main one."""
    found: list[Point] = []
    for name, (single, kinds) in LISTS.items():
        first, listed = sent.pop(single, None), sent.pop(name, None) or []
        values = [(single, value) for value in (first,) if value] + [(name, value) for value in listed]
        for place, (field, value) in enumerate(values):
            _refuse_wrong(kinds[0], value, field, country)
            found.append(Point(kinds[0], value, is_main=place == 0))
    return found


@transaction.atomic
def edit_with_points(record: Any, sent: dict[str, Any], *, by: Any, version: int) -> None:
    """Fields and points together, or neither."""
    record.lock()
    if record.version != version:
        raise StaleVersion(record.version)
    wanted = {name: _wanted(record, sent, name) for name in LISTS}
    record.edit(values_of(type(record), sent, by=by), by=by, version=version)
    for name, values in wanted.items():
        if values is not None:
            set_points(record, LISTS[name][1], values, by=by, field=name)


def _wanted(record: Any, sent: dict[str, Any], name: str) -> list[str] | None:
    """A single ``phone`` takes the place of the main one; null takes that away."""
    single, kinds = LISTS[name]
    listed = sent.pop(name, None)
    if single not in sent:
        return listed
    first = [value for value in (sent.pop(single),) if value]
    others = [point.value for point in points_of(record, kinds)][1:] if listed is None else listed
    return first + others


def _refuse_wrong(kind: PointKind, value: str, field: str, country: str) -> None:
    try:
        normalised(kind, value, country=country or Company.get().country)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
