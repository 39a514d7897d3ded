"""After too many wrong passwords sign-in waits: what django-axes counts, and what lifts it."""

from typing import Any

from axes.utils import reset
from django.http import HttpRequest

from accounts.models import User


def counted_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Sign-in takes a user name in any case; counted as typed, "alice" and "Alice" would have attempts of their own."""
    typed = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return str(typed).strip().lower()


def lift(user: User) -> None:
    """Who proved herself by mail need not wait for a stranger's attempts."""
    reset(username=user.username.lower())
