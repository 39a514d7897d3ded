"""Messages to the person as toasts: on full pages by base.html, on htmx answers appended here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

UNDO = "undo:"


def toast_with_undo(request: HttpRequest, text: Any, url: str) -> None:
    """Tells that something was done and offers to take it back by a POST to `url`."""
    messages.success(request, text, extra_tags=UNDO + url)


def undo_address(message: Message) -> str:
    """Only an address of this site: tags travel in a cookie."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith(UNDO) and _is_ours(tag.removeprefix(UNDO)):
            return tag.removeprefix(UNDO)
    return ""


class ToastMiddleware:
    """Adds waiting messages to htmx fragments, which never render base.html; stands after HtmxMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_fragment(request, response):
            waiting = messages.get_messages(request)
            if len(waiting):
                response.content += _out_of_band(request, waiting)
        return response


def _is_fragment(request: HttpRequest, response: HttpResponse) -> bool:
    htmx = getattr(request, "htmx", None)
    if not htmx or htmx.boosted or response.streaming:
        return False
    leaves = {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers)
    return (
        not leaves
        and response.status_code not in (204, 301, 302, 303, 304, 307, 308)
        and response.get("Content-Type", "").startswith("text/html")
    )


def _out_of_band(request: HttpRequest, waiting: Any) -> bytes:
    toasts = render_to_string("_parts/toasts.html", {"messages": waiting}, request)
    return f'<div id="toasts" hx-swap-oob="beforeend">{toasts}</div>'.encode()


def _is_ours(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
