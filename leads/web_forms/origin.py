"""From which page a form was sent, and through which advertisement its visitor came."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from leads.models import WebForm

CARRIED = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "campaign")
LONGEST, LONGEST_PAGE = 120, 500
USUAL = {"https": 443, "http": 80}
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def carried(request: HttpRequest) -> dict[str, str]:
    """What the address says about where the visitor came from: that of the page around a frame, ours, the post."""
    around = dict(parse_qsl(page_of(request).partition("?")[2].partition("#")[0]))
    found = {**_readable(around), **_readable(request.GET), **_readable(request.POST)}
    return {name: found[name] for name in CARRIED if name in found}


def _readable(values: Any) -> dict[str, str]:
    found = {name: readable(values.get(name, ""), LONGEST) for name in CARRIED}
    return {name: text for name, text in found.items() if text}


def page_of(request: HttpRequest) -> str:
    """The page on which the form stood or from which it was opened; "" when that is unknown or was our own."""
    for address in (request.POST.get("page", ""), request.headers.get("Referer", "")):
        text = readable(address, LONGEST_PAGE)
        if text and text.startswith(("https://", "http://")) and not _is_ours(text, request):
            return text
    return ""


def readable(text: str, longest: int) -> str:
    """Without what cannot be stored or seen, on one line, no longer than that."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def origin_of(request: HttpRequest) -> str:
    return request.headers.get("Origin", "").lower()


def is_from_here(request: HttpRequest) -> bool:
    """Sent by the page that we rendered. Whoever hides the origin is taken for it too, and then needs our ticket."""
    origin = origin_of(request)
    return (
        origin in {"", "null"}
        or origin == settings.PUBLIC_URL.lower()
        or origin == f"{request.scheme}://{request.get_host()}"
    )


def stands_on(form: WebForm, origin: str) -> bool:
    """Whether a page of this site may send the form by itself."""
    return bool(origin) and origin in form.sites


def read_sites(text: str) -> list[str]:
    """Origins from what was typed, one site a line: "Example.com/shop" → "https://example.com"."""
    sites: list[str] = []
    for line in text.split():
        site = site_of(line.strip(",;"))
        if site not in sites:
            sites.append(site)
    return sites


def site_of(text: str) -> str:
    """The origin of an address, as browsers name it: without path, in Latin letters."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise _no_site(text) from None
    if parts.scheme not in USUAL or not _HOST.fullmatch(host) or parts.username is not None:
        raise _no_site(text)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, USUAL[parts.scheme]) else "")


def web_address(text: str) -> str:
    """An address to which a visitor may be led, as it stands in a header; ValidationError for anything else."""
    if any(c.isspace() or not c.isprintable() or c in '\\"<>' for c in text) or "://" not in text:
        raise _no_site(text)
    parts = urlsplit(text)
    return site_of(text) + iri_to_uri(urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment)))


def _no_site(text: str) -> ValidationError:
    words = _("“%(text)s” is no web address. It begins with https:// or http://.")
    return ValidationError(words, params={"text": text[:80]}, code="address")


def _is_ours(address: str, request: HttpRequest) -> bool:
    try:
        return urlsplit(address).netloc in {request.get_host(), urlsplit(settings.PUBLIC_URL).netloc}
    except ValueError:
        return True
