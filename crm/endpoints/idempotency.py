"""A POST with an Idempotency-Key happens once: its repeat, however soon, gets the answer of the first."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.endpoints.problems import ApiProblem
from records.models import IdempotencyKey


def once(request: HttpRequest, act: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Runs ``act`` and keeps its answer, or gives the kept one. Without the header it simply runs.

    The key's row is inserted first, in the same transaction: a second request with the key waits on it. What was
    refused left nothing behind, so the same key may try again.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > 200 or "\x00" in key:
        raise ApiProblem(422, _("The Idempotency-Key has at most 200 characters."))
    asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    return _once(request, key, asked, act)


@transaction.atomic
def _once(request: HttpRequest, key: str, asked: str, act: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    _row, created = _claim(request.user, key, asked)
    if not created:
        return _kept(request.user, key, asked)
    status, answer = act()
    IdempotencyKey.objects.filter(user=request.user, key=key).update(
        status=status, answer=json.loads(json.dumps(answer, default=str))
    )
    return status, answer


def _claim(user: Any, key: str, asked: str) -> tuple[IdempotencyKey, bool]:
    return IdempotencyKey.objects.get_or_create(user=user, key=key, defaults={"request_hash": asked})


def _kept(user: Any, key: str, asked: str) -> tuple[int, Any]:
    row = IdempotencyKey.objects.get(user=user, key=key)
    if row.request_hash != asked:
        raise ApiProblem(422, _("This Idempotency-Key was used for another request."))
    return row.status or 200, row.answer
