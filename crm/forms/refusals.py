"""A verb that says no (Refused): a toast on the page from which it was asked, 409 for htmx."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from records.refusals import EditConflict, Refused


class RefusedMiddleware:
    """So that no view repeats it. The API answers refusals itself, before they come here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused | EditConflict):
            return None
        messages.error(request, str(getattr(error, "message", error)))
        if getattr(request, "htmx", False) and not request.htmx.boosted:
            # The toast is added to the empty answer (crm/toasts.py); what is on the page stays.
            return HttpResponse(status=409, headers={"HX-Reswap": "none"})
        return HttpResponseRedirect(page_before(request))


def page_before(request: HttpRequest, otherwise: str = "/") -> str:
    """Where the person came from, if that is a page of ours: ``next``, else the referring page."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
        if url and is_ours:
            return url
    return otherwise
