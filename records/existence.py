"""Existence notes: that there is a record out of reach, and whose it is; never what stands in it (PRODUCT §1).

For checks against duplicates and diverging prices. Each note is logged at its record; a person gets thirty an hour in
all checks together, so that nobody reads a colleague's customers by guessing. The same note again within the hour is
free. The company profile switches them off, for every check at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from accounts.models import Company
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
    return [_note(record) for record in to_tell(user, records)]


def to_tell(user: Any, records: Iterable[Any]) -> list[Any]:
    """Of these records out of reach, those of which the person may be told now; each is counted and logged."""
    hidden = list(records)
    if not hidden or not Company.get().tells_existence:
        return []
    return [record for record in hidden if _may_tell(user, record)]


def _may_tell(user: Any, record: Any) -> bool:
    told, count = f"told:{user.pk}:{record.kind}:{record.pk}", f"told:{user.pk}"
    if cache.get(told):
        return True
    if _counted(count) > NOTES_AN_HOUR:
        return False
    cache.set(told, 1, AN_HOUR)
    log_event("tell_existence", record, by=user)
    return True


def _counted(key: str) -> int:
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # the hour ended between the two
        cache.add(key, 1, AN_HOUR)
        return 1


def _note(record: Any) -> ExistenceNote:
    return ExistenceNote(record.kind, kinds[record.kind].label, str(record), record.owner, record.created_at)
