"""Existence notes: that there is a record out of reach, and whose it is; never what stands in it (PRODUCT §1).

For checks against duplicates and diverging prices. Each note is logged at its record; a person gets thirty an hour, so
that nobody reads a colleague's customers by guessing. The same note again within the hour is free.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache

from records.kinds import kinds
from records.log import log_event

AN_HOUR = 3600
NOTES_AN_HOUR = 30


@dataclass(frozen=True)
class ExistenceNote:
    """All that may be told: no link, no contact data. ``owner`` is None for what waits in a pool or a queue."""

    kind: str
    label: Any
    name: str
    owner: Any
    created_at: datetime


def notes_for(user: Any, records: Iterable[Any]) -> list[ExistenceNote]:
    """The notes of records that the person does not reach, as many as she may still get this hour."""
    if not settings.EXISTENCE_NOTES:
        return []
    return [_note(record) for record in records if _may_tell(user, record)]


def _may_tell(user: Any, record: Any) -> bool:
    told, count = f"told:{user.pk}:{record.kind}:{record.pk}", f"told:{user.pk}"
    if cache.get(told):
        return True
    cache.add(count, 0, AN_HOUR)
    if cache.incr(count) > NOTES_AN_HOUR:
        return False
    cache.set(told, 1, AN_HOUR)
    log_event("tell_existence", record, by=user)
    return True


def _note(record: Any) -> ExistenceNote:
    return ExistenceNote(record.kind, kinds[record.kind].label, str(record), record.owner, record.created_at)
