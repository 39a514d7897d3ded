"""What the headers say beside who and what: whether a person wrote it, and whether our server believes the sender."""

import re

from django.conf import settings

from messaging.states import Check, Why

_BULK = {"bulk", "list", "junk", "auto_reply"}
_ROBOTS = re.compile(r"(?i)^<?(mailer-daemon|postmaster|no-?reply-bounces?)@")
_RESULT = re.compile(r"(?i)\b(dmarc|dkim)\s*=\s*([a-z]+)([^;]*)")
_SIGNED_BY = re.compile(r"(?i)header\.(?:d|i)\s*=\s*@?([a-z0-9.-]+)")

Headers = dict[str, list[str]]


def automatic(headers: Headers, content_type: str) -> str:
    """A code of Why when no person wrote this to us, else ""."""
    if content_type == "multipart/report" or "x-failed-recipients" in headers:
        return Why.BOUNCE
    if _first(headers, "return-path").replace(" ", "") == "<>" and not _says(headers, "auto-submitted", "no"):
        return Why.BOUNCE if _ROBOTS.match(_address(_first(headers, "from"))) else Why.AUTO_REPLY
    if _ROBOTS.match(_address(_first(headers, "from"))):
        return Why.BOUNCE
    answered = _first(headers, "auto-submitted").partition(";")[0].strip().casefold()
    if answered not in ("", "no") or "x-autoreply" in headers or "x-autorespond" in headers:
        return Why.AUTO_REPLY
    if "list-id" in headers or "list-unsubscribe" in headers:
        return Why.LIST
    precedence = _first(headers, "precedence").strip().casefold()
    if precedence in _BULK:
        return Why.AUTO_REPLY if precedence == "auto_reply" else Why.LIST
    return ""


def check(headers: Headers, address: str) -> str:
    """What our own server says of the sender (MAIL_AUTHSERV names it); anybody can write such a header, so no other
    counts, and of ours the topmost: the server writes it last."""
    own = settings.MAIL_AUTHSERV.casefold()
    for line in headers.get("authentication-results", []) if own else ():
        server, _semicolon, results = " ".join(line.split()).partition(";")
        if server.split()[:1] and server.split()[0].casefold() == own:
            return _judged(results, address.rpartition("@")[2])
    return Check.NONE


def _judged(results: str, domain: str) -> str:
    found = [(method.casefold(), answer.casefold(), rest) for method, answer, rest in _RESULT.findall(results)]
    for method, answer, _rest in found:
        if method == "dmarc" and answer in ("pass", "fail"):
            return Check.PASS if answer == "pass" else Check.FAIL
    for method, answer, rest in found:
        signer = _SIGNED_BY.search(rest)
        if method == "dkim" and answer == "pass" and signer and domain and signer[1].casefold() == domain:
            return Check.PASS
    return Check.NONE


def _first(headers: Headers, name: str) -> str:
    return (headers.get(name) or [""])[0].strip()


def _says(headers: Headers, name: str, word: str) -> bool:
    return _first(headers, name).casefold() == word


def _address(text: str) -> str:
    return text.rpartition("<")[2] if "<" in text else text
