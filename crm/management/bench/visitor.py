"""A signed-in person whose requests go through the whole stack below the web server."""

import io
import sys
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from accounts.models import User

# Reach own, team and all; and the one who owns 5 % of all customers herself.
PERSONAS = {"alice": "alice", "tess": "tess", "erin": "erin", "heavy": "person001"}

_CSRF = "a" * 32  # cookie and header say the same, as a browser of ours would


class Visitor:
    """``get`` answers the body of a page, and fails on anything but 200."""

    def __init__(self, user: User) -> None:
        self.user = user
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.session = client.session
        self.handler = _handler()

    def get(self, url: str, *, htmx: bool = False) -> str:
        status, body = self._ask("GET", url, htmx=htmx)
        if status != 200:
            raise RuntimeError(f"{url} as {self.user.username}: {status}")
        return body

    def post(self, url: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        """Status and body, as htmx gets them: refusals are 409 with their reason."""
        return self._ask("POST", url, htmx=True, sent=urlencode(data or {}).encode())

    def _ask(self, method: str, url: str, *, htmx: bool, sent: bytes = b"") -> tuple[int, str]:
        status: list[str] = []

        def start(line: str, headers: Any, _error: Any = None) -> Any:
            status.extend([line, *(value for name, value in headers if name == "HX-Trigger")])

        response = self.handler(self._environ(method, url, htmx, sent), start)
        body = b"".join(response).decode()
        response.close()
        return int(status[0][:3]), body + "".join(status[1:])

    def _environ(self, method: str, url: str, htmx: bool, sent: bytes) -> dict[str, Any]:
        path, _mark, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SCRIPT_NAME": "",
            "HTTP_COOKIE": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={_CSRF}", "HTTP_X_CSRFTOKEN": _CSRF,
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(sent)),
            "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        return {**environ, "HTTP_HX_REQUEST": "true"} if htmx else environ


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


_visitors: dict[str, Visitor] = {}


def visitor(persona: str) -> Visitor:
    if persona not in _visitors:
        _visitors[persona] = Visitor(User.objects.get(username=PERSONAS[persona]))
    return _visitors[persona]


def sign_out() -> None:
    """Leaves no session behind in a database that is kept."""
    while _visitors:
        _visitors.popitem()[1].session.flush()
