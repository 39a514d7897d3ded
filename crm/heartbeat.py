"""A mark that beat, broker and worker leave together every few seconds."""

import datetime

from django.core.cache import cache
from django.utils import timezone

EVERY = 15.0
LATE = datetime.timedelta(seconds=90)
KEY = "heartbeat"


def beat_once(*, now: datetime.datetime | None = None) -> None:
    cache.set(KEY, now or timezone.now(), timeout=None)


def last_beat() -> datetime.datetime | None:
    return cache.get(KEY)


def is_late(*, now: datetime.datetime | None = None) -> bool:
    last = last_beat()
    return last is None or (now or timezone.now()) - last > LATE
