"""How a person wants her screen: language, colours, time zone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import User

YEAR = 365 * 24 * 3600


def prefer(user: User, *, language: str | None = None, theme: str | None = None) -> list[str]:
    """Stores what is known and valid, and answers which fields that were; nothing else of the row is touched."""
    wanted = {}
    if language in dict(settings.LANGUAGES):
        wanted["language"] = language
    if theme in User.Theme.values:
        wanted["theme"] = theme
    for name, value in wanted.items():
        setattr(user, name, value)
    if wanted:
        user.save(update_fields=list(wanted))
    return list(wanted)


def remember(request: HttpRequest, response: HttpResponse, *, language: str | None, theme: str | None) -> None:
    """Keeps the choice in this browser too, so that the sign-in page speaks and looks the same next time."""

    def keep(name: str, value: str) -> None:
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())

    if language and language in dict(settings.LANGUAGES):
        keep(settings.LANGUAGE_COOKIE_NAME, language)
        translation.activate(language)
    if theme and theme in User.Theme.values:
        keep("theme", theme)
