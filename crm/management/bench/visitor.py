"""A signed-in person whose requests go through the whole stack below the web server."""

import io
import sys
from functools import cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from accounts.models import User

# Reach own, team and all; and the one who owns 5 % of all customers herself.
PERSONAS = {"alice": "alice", "tess": "tess", "erin": "erin", "heavy": "person001"}


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
        status: list[str] = []

        def start(line: str, _headers: Any, _error: Any = None) -> Any:
            status.append(line)

        response = self.handler(self._environ(url, htmx), start)
        body = b"".join(response).decode()
        response.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{url} as {self.user.username}: {status[0]}")
        return body

    def _environ(self, url: str, htmx: bool) -> dict[str, Any]:
        path, _mark, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
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
