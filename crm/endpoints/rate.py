"""How often a token may ask: a burst is fine, a loop that never ends is not."""

import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

_SECONDS = {"s": 1, "m": 60, "h": 3600}


class PerToken(BaseThrottle):
    """``rate``: as many requests as ``3000/m`` says, counted from full minute to full minute.

    One counter that the cache adds to: right under any number of threads and servers.
    """

    def __init__(self, rate: str) -> None:
        count, _slash, unit = rate.partition("/")
        self.most, self.window = int(count), _SECONDS[unit]

    def allow_request(self, request: HttpRequest) -> bool:
        token: Any = getattr(request, "auth", None)
        if token is None:
            return True
        key = f"api-rate:{token.pk}:{int(time.time() // self.window)}"
        cache.add(key, 0, timeout=self.window)
        try:
            return bool(cache.incr(key) <= self.most)
        except ValueError:  # the window ended in between
            return True

    def wait(self) -> float:
        return self.window - time.time() % self.window
