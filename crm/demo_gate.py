"""The password of the demo people is known to everybody, so it opens nothing but this very machine."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.request import split_domain_port

DEMO_PASSWORD = "demo"
HERE = {"127.0.0.1", "localhost", "[::1]"}
TRACES_OF_A_PROXY = {"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}


class DemoGate:
    """An authentication backend that signs nobody in: it stands before the others and may refuse."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> None:
        if password == DEMO_PASSWORD and not (settings.DEMO and is_at_this_machine(request)):
            refuse()

    def get_user(self, user_id: int) -> None:
        return None


def is_at_this_machine(request: HttpRequest | None) -> bool:
    if request is None or TRACES_OF_A_PROXY & set(request.headers):
        return False
    name, _ = split_domain_port(request.get_host())
    return name in HERE and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}


def refuse() -> NoReturn:
    raise PermissionDenied("The demo people sign in on the machine that runs the demo, without a proxy.")
