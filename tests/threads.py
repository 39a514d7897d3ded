"""Several people at the same moment: each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(do: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """What ``do`` answers for each argument, all started together. For tests with ``transaction=True``."""
    ready = threading.Barrier(len(arguments))

    def run(argument: Any) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(30)
            return do(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))
