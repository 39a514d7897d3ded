"""What a fragment cannot show: that the person is signed out, or that her page is older than her session."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure as djangos_csrf_failure

STALE_PAGE = "X-Stale-Page"  # toasts.js looks for it


class SignInMiddleware:
    """Turns the way to sign-in into a move of the whole page, else htmx would put the form into a table.

    Stands before LoginRequiredMiddleware, whose redirect it sees; the person comes back to the page she was on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked_for_sign_in = response.status_code == 302 and response["Location"].startswith(settings.LOGIN_URL)
        if not asked_for_sign_in or "HX-Request" not in request.headers:
            return response
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{page.path}?{page.query}" if page.query else page.path or "/"
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = f"{settings.LOGIN_URL}?{urlencode({REDIRECT_FIELD_NAME: back})}"
        return moved


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page of before a new sign-in carries the old token: that is no lack of rights, and is told as what it is."""
    response = djangos_csrf_failure(request, reason=reason)
    response[STALE_PAGE] = "1"
    return response
