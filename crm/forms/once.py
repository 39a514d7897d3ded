"""A post that is sent twice acts once: the form carries a key, and the database keeps who used it."""

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from records.models import IdempotencyKey

FIELD = "once"


def made_before(request: HttpRequest, once: str) -> str:
    """The address to which the first post with this key led; "" when there was none."""
    key = IdempotencyKey.objects.filter(user=request.user, key=_key(once)).first()
    return key.answer["url"] if key and key.answer else ""


def make_once(request: HttpRequest, once: str, make: Callable[[], str]) -> tuple[str, bool]:
    """Runs ``make`` in a transaction and keeps the address that it returns: (address, whether this post made it).

    A second click waits at the key until the first has committed, and is then led to the same place.
    """
    try:
        with transaction.atomic():
            key = IdempotencyKey.objects.create(user=request.user, key=_key(once), request_hash=_hash(request))
            url = make()
            key.answer, key.status = {"url": url}, 303
            key.save(update_fields=["answer", "status"])
        return url, True
    except IntegrityError:
        if url := made_before(request, once):
            return url, False
        raise


def _key(once: str) -> str:
    return f"form {once[:64]}"


def _hash(request: HttpRequest) -> str:
    return hashlib.sha256(request.path.encode()).hexdigest()
