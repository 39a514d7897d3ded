"""Who is there to be given work: off duty at once with one click, or absent on days planned ahead.

A person who is off duty or absent gets nothing from any rule; what she owns stays hers. Everybody says it of herself,
and who may assign somebody's leads says it of her too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User

DAY = timedelta(days=1)
MOST = 20
FARTHEST = timedelta(days=3 * 365)


def people_of(user: Any) -> Any:
    """Those whose duty the person may change: herself, and whose leads she assigns."""
    return access.people_in_reach(user, "lead", "assign") | User.objects.active().filter(pk=user.pk)


def go_off_duty(person: User, *, by: Any, now: datetime, until: datetime | None = None) -> None:
    """Without ``until`` she stays off duty until somebody says otherwise."""
    if until is not None and until <= now:
        raise ValidationError(_("This moment is over."), code="past")
    with _changing(person, by):
        person.is_on_duty = until is not None
        person.off_duty_until = until


def come_on_duty(person: User, *, by: Any) -> None:
    """Ends being off duty; planned absences stay."""
    with _changing(person, by):
        person.is_on_duty, person.off_duty_until = True, None


def plan_absence(person: User, first: date, last: date, *, by: Any, today: date) -> None:
    """Both days included. What is over is forgotten on the way; the history keeps it."""
    if last < first:
        raise ValidationError(_("The first day is after the last one."), code="order")
    if last < today:
        raise ValidationError(_("These days are over."), code="past")
    if last > today + FARTHEST:
        raise ValidationError(_("This is too far ahead."), code="far")
    with _changing(person, by):
        days = [one for one in person.absences if one.upper > today]
        if any(one.lower <= last and first < one.upper for one in days):
            raise ValidationError(_("An absence on some of these days is planned already."), code="overlap")
        if len(days) >= MOST:
            raise ValidationError(_("That many absences cannot be planned."), code="many")
        person.absences = sorted([*days, DateRange(first, last + DAY)], key=lambda one: one.lower)


def cancel_absence(person: User, first: date, *, by: Any) -> None:
    """The one that begins on this day; twice is once."""
    with _changing(person, by):
        person.absences = [one for one in person.absences if one.lower != first]


@contextmanager
def _changing(person: User, by: Any) -> Iterator[None]:
    with transaction.atomic(), pghistory.context(user=getattr(by, "pk", None)):
        person.lock()
        yield
        person.save(update_fields=["is_on_duty", "off_duty_until", "absences"])


def moment_of(choice: str, clock: str, *, now: datetime, opens: time) -> datetime | None:
    """Until when, from what was clicked: an hour, tomorrow morning, a time of today; None without an end.

    ``now`` in the person's zone. Raises ValidationError when the time of day makes no sense.
    """
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "tomorrow":
        return datetime.combine(now.date() + DAY, opens, tzinfo=now.tzinfo)
    if choice != "clock":
        return None
    try:
        return datetime.combine(now.date(), time.fromisoformat(clock), tzinfo=now.tzinfo)
    except ValueError as error:
        raise ValidationError(_("Give a time of day, like 13:30."), code="clock") from error
