"""Who asks: a bearer token that acts as its user, through the same reach and verbs as the pages."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from accounts.models import ApiToken
from crm.endpoints.problems import ApiProblem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = ApiToken.find(token)
        if found is None:
            return None
        if request.method not in SAFE and found.scope != ApiToken.Scope.WRITE:
            raise ApiProblem(403, "This token may only read.")
        _note_use(found, timezone.now().date())
        request.user = found.user
        return found


def _note_use(token: ApiToken, today: datetime.date) -> None:
    """Once a day is enough to find tokens that nobody needs."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
