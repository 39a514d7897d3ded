"""In-app notices: told once, set-based, in the transaction of what they tell of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from crm.register import Register
from messaging.models import Notice
from records.log import plain

KEPT_IN_CACHE = 300  # seconds; a change forgets the number at once
SHOWN_AT_MOST = 99


@dataclass(frozen=True)
class NoticeKind:
    """``text(notice)`` in the active language, as plain text; ``url(notice)`` is where it leads, "" for nowhere."""

    icon: str
    text: Callable[[Notice], str]
    url: Callable[[Notice], str]


notice_kinds: Register[NoticeKind] = Register("kind of notice")

# One person appears once in a statement, and people are locked in order.
_TELL = """
INSERT INTO messaging_notice (user_id, kind, key, count, facts, at, batch_id)
SELECT u.id, %(kind)s, %(key)s, t.count, t.facts::jsonb, %(at)s, %(batch)s
FROM unnest(%(people)s::bigint[], %(counts)s::int[], %(facts)s::text[]) AS t(id, count, facts)
JOIN accounts_user u ON u.id = t.id AND u.is_active ORDER BY u.id
ON CONFLICT (user_id, key) DO {again} RETURNING user_id
"""
_ADD = "UPDATE SET count = messaging_notice.count + EXCLUDED.count, at = EXCLUDED.at, read_at = NULL"


def tell(
    kind: str, told: Mapping[int, tuple[int, Mapping[str, Any]]], *, key: str, batch: Any = None, adds: bool = False
) -> list[int]:
    """Tells people (user id → how many, facts) and returns whom; who is not active is not told.

    The same ``key`` is told to a person once. With ``adds`` a second time raises the count of the first: for work
    that goes on in portions.
    """
    people = sorted(told)
    values = {
        "kind": kind, "key": key, "at": timezone.now(), "batch": getattr(batch, "pk", None), "people": people,
        "counts": [told[pk][0] for pk in people],
        "facts": [json.dumps(plain(dict(told[pk][1]))) for pk in people],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TELL.format(again=_ADD if adds else "NOTHING"), values)
        reached = [row[0] for row in cursor.fetchall()]
    _forget_numbers(reached)
    return reached


def unread_count(user: Any) -> int:
    """For the bell on every page: from the cache, at most 99."""
    key = _cache_key(user.pk)
    number = cache.get(key)
    if number is None:
        number = Notice.objects.for_person(user).unread()[:SHOWN_AT_MOST].count()
        cache.set(key, number, KEPT_IN_CACHE)
    return number


def mark_read(notices: Any, *, by: Any) -> None:
    """``notices``: a set of the person's own."""
    if notices.mark_read():
        _forget_numbers([by.pk])


def take_back(batch: Any) -> tuple[int, list[int]]:
    """Removes what a run told and nobody read yet; returns how many, and the ids of those that were read."""
    unread = Notice.objects.filter(batch=batch).unread()
    people = list(unread.values_list("user_id", flat=True))
    removed = unread.delete()[0]
    _forget_numbers(people)
    return removed, list(Notice.objects.filter(batch=batch).order_by("id").values_list("pk", flat=True))


def _forget_numbers(people: list[int]) -> None:
    keys = [_cache_key(pk) for pk in people]
    if keys:
        transaction.on_commit(lambda: cache.delete_many(keys))


def _cache_key(user_id: int) -> str:
    return f"unread-notices:{user_id}"
