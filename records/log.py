"""Every verb leaves one event, in its own transaction (HOUSE §4)."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from records.models.event import Change, Event


def log_event(
    verb: str,
    record: Any,
    *,
    by: Any,
    facts: dict[str, Any] | None = None,
    batch: Any = None,
    changes: dict[str, tuple[Any, Any]] | None = None,
) -> Event:
    """Writes the event of a verb on ``record``. ``by=None`` is the system.

    ``facts``: codes and numbers only. ``changes``: field → (before, after), kept apart from the event so that they can
    be erased without touching the log.
    """
    event = Event.objects.create(
        at=timezone.now(),
        by=by,
        verb=verb,
        subject_kind=record.kind,
        subject_id=record.pk,
        customer_id=record.customer_of_event,
        batch=batch,
        facts=plain(facts or {}),
    )
    if changes:
        Change.objects.bulk_create(
            Change(event=event, field=field, before=plain(before), after=plain(after))
            for field, (before, after) in changes.items()
        )
    return event


def plain(value: Any) -> Any:
    """A value as JSON holds it: dates ISO, decimals as text, records by their number."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
