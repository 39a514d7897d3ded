"""The way of a customer from lead to payment, shown at the top of its page with the next step as a link.

What comes after the customer belongs to a higher room, which adds itself: ``ways.add("sales", way_of)``.
"""

from collections.abc import Callable
from typing import Any

from crm.register import Register

# function(user, customer) → steps as in _parts/steps.html
ways: Register[Callable[[Any, Any], list[dict[str, Any]]]] = Register("way of a customer")


def way_of(user: Any, customer: Any) -> list[dict[str, Any]]:
    return [step for source in ways for step in source(user, customer)]
