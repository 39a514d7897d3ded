"""Re-authentication before a change of roles or rights: a screen left open must not give anybody new rights."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

STAMP = "confirmed_at"
# A form is opened within the first and may be posted within the second, so that nothing typed is lost to the limit.
OPENS_FOR = datetime.timedelta(minutes=15)
POSTS_FOR = datetime.timedelta(hours=1)


def confirm(request: HttpRequest, *, now: datetime.datetime | None = None) -> None:
    """Notes that the person has just shown the password."""
    request.session[STAMP] = (now or timezone.now()).timestamp()


def is_confirmed(request: HttpRequest, *, now: datetime.datetime | None = None) -> bool:
    stamp: Any = request.session.get(STAMP)
    allowed = POSTS_FOR if request.method == "POST" else OPENS_FOR
    return bool(stamp) and (now or timezone.now()).timestamp() - stamp < allowed.total_seconds()


def confirm_address(request: HttpRequest) -> str:
    return f"{reverse('accounts:confirm')}?{urlencode({'next': request.get_full_path()})}"
