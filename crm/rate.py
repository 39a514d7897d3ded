"""How often something may happen: a burst is fine, a loop that never ends is not."""

import time

from django.core.cache import cache

_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Rate:
    """``rate``: as many times as ``3000/m`` says, counted from full minute to full minute.

    One counter that the cache adds to: right under any number of threads and servers.
    """

    def __init__(self, rate: str) -> None:
        count, _slash, unit = rate.partition("/")
        self.most, self.window = int(count), _SECONDS[unit]

    def takes(self, who: str) -> bool:
        """Counts once more for ``who``; whether that is still within the rate."""
        key = f"{who}:{int(time.time() // self.window)}"
        cache.add(key, 0, timeout=self.window)
        try:
            return bool(cache.incr(key) <= self.most)
        except ValueError:  # the window ended in between
            return True

    def wait(self) -> float:
        """Seconds until the count begins anew."""
        return self.window - time.time() % self.window
