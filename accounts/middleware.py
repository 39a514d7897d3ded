"""The signed-in person's language and time zone, whatever browser she sits at."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import Company


class PreferencesMiddleware:
    """Stands after AuthenticationMiddleware; before sign-in LocaleMiddleware's answer (cookie, browser) holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.languages = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.user.language in self.languages:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        # Without a zone of her own she works in the company's.
        with timezone.override(request.user.time_zone or company_zone()):
            return self.get_response(request)


def company_zone() -> str:
    """Asked on every request of everybody without a zone; a change is seen within a minute."""
    return str(cache.get_or_set("company-zone", lambda: Company.get().time_zone, timeout=60))
