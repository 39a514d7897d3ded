"""How a proof fails, and how its figures are told."""

import datetime


class NotProved(Exception):
    """Something did not hold."""


def must(holds: bool, what: str) -> None:
    if not holds:
        raise NotProved(what)


def line(name: str, figures: str) -> str:
    """As a row of docs/measures.md."""
    return f"| {datetime.date.today().isoformat()} | `bin/prove {name}` | {figures} |"
