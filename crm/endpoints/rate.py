"""How often a token may ask."""

from typing import Any

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from crm.rate import Rate


class PerToken(BaseThrottle):
    def __init__(self, rate: str) -> None:
        self.rate = Rate(rate)

    def allow_request(self, request: HttpRequest) -> bool:
        token: Any = getattr(request, "auth", None)
        return token is None or self.rate.takes(f"api-rate:{token.pk}")

    def wait(self) -> float:
        return self.rate.wait()
