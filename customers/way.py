"""The way of a customer from lead to payment, shown at the top of its page with the next step as a link.

What comes after the customer belongs to a higher room, which adds itself: ``ways.add("sales", Way(asks, steps))``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.register import Register
from crm.together import Row


@dataclass(frozen=True)
class Way:
    """``asks(user, customer)``: querysets of ``values()`` by names of its own; the page asks them with the rest.

    ``steps(user, customer, found)``: steps as in _parts/steps.html.
    """

    asks: Callable[[Any, Any], dict[str, QuerySet]]
    steps: Callable[[Any, Any, dict[str, list[Row]]], list[dict[str, Any]]]


ways: Register[Way] = Register("way of a customer")


def questions(user: Any, customer: Any) -> dict[str, QuerySet]:
    return {name: rows for way in ways for name, rows in way.asks(user, customer).items()}


def steps_of(user: Any, customer: Any, found: dict[str, list[Row]]) -> list[dict[str, Any]]:
    return [step for way in ways for step in way.steps(user, customer, found)]
