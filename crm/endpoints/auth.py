"""Who asks: a bearer token that acts as its user, through the same reach and verbs as the pages."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from accounts.middleware import company_zone
from accounts.models import ApiToken
from crm.endpoints.problems import ApiProblem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = ApiToken.find(token)
        if found is None:
            return None
        _speak(request, found.user)
        if request.method not in SAFE and found.scope != ApiToken.Scope.WRITE:
            raise ApiProblem(403, _("This token may only read."))
        _note_use(found, timezone.now().date())
        request.user = found.user
        return found


def _speak(request: HttpRequest, user: Any) -> None:
    """In the language that is asked for, else in hers; "today" is her day, as on the pages."""
    if "Accept-Language" not in request.headers and translation.check_for_language(user.language):
        translation.activate(user.language)
    timezone.activate(user.time_zone or company_zone())


def _note_use(token: ApiToken, today: datetime.date) -> None:
    """Once a day is enough to find tokens that nobody needs."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
