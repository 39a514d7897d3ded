"""The signs by which rules open churn cases. A higher room adds what it knows of a customer, in its ``apps.py``:

signs.add("order_interval", Signal(_("No order for … times its own interval"), Decimal(2), late_by_interval, told))
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.register import Register


@dataclass(frozen=True)
class Signal:
    """``customers(number, on)``: the ids of those who show the sign on that day, as a subquery or RawSQL for ``IN``.

    ``because(number)``: the sign in words, with its number; ``facts(customer_id, on)``: what is behind it at one
    customer, "" for nothing to say. ``unit``: what the number counts.
    """

    label: Any
    unit: Any
    default: Decimal
    customers: Callable[[Decimal, datetime.date], Any]
    because: Callable[[Decimal], str]
    facts: Callable[[int, datetime.date], str]


signs: Register[Signal] = Register("sign of churn")


def because(case: Any) -> str:
    """Why a case stands: the rule's sign, else what was typed."""
    signal = signs.get(case.signal)
    return signal.because(case.number) if signal and case.number is not None else case.note
