"""What the facts make of a customer: its state, its life cycle, its grade (PRODUCT §2, §4).

The facts are opportunities and orders, which this room does not know: the higher rooms derive, and explain.
"""

from collections.abc import Callable, Iterable
from typing import Any

from crm.register import Register
from customers.models import Customer

# function(customer ids): brings up to date what follows from facts. The caller holds the customers' locks.
derivers: Register[Callable[[list[int]], None]] = Register("derivation")
# function(user, customer) → (label, text) of each derived column: what it is and why.
explanations: Register[Callable[[Any, Any], list[tuple[Any, str]]]] = Register("explanation of what is derived")


def lock_customers(ids: Iterable[int | None]) -> list[int]:
    """Locks customers before their children (HOUSE §4); returns those that there are."""
    wanted = {pk for pk in ids if pk}
    rows = Customer._base_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted)
    return list(rows.order_by("pk").values_list("pk", flat=True)) if wanted else []


def derive(ids: Iterable[int | None]) -> None:
    """In the transaction of the verb that changed a fact; the nightly run finds whatever no verb told of."""
    known = [pk for pk in ids if pk]
    if known:
        for deriver in derivers:
            deriver(known)


def explained(user: Any, customer: Any) -> list[tuple[Any, str]]:
    return [line for explanation in explanations for line in explanation(user, customer)]
