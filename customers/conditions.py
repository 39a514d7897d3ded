"""Named SQL expressions over a customer, of which rules, churn and segments compose their one statement.

A higher room adds what it knows of a customer, in its ``apps.py``:

    conditions.add("open_order", Condition(_("an open order"), lambda choice: Exists(
        Order.objects.filter(customer_id=OuterRef("pk"), state__in=OPEN)), use=EXEMPTS))
    conditions.add("won_opportunity", Condition(_("a won opportunity"), last_won_at, use=RESETS_ORDER_CLOCK))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.register import Register
from customers.models import ChurnCase
from customers.states import ChurnState

# What the expression answers, and for what rules may use it.
EXEMPTS = "exempts"  # true or false, never null: keeps a customer out of the pool, where a rule says so
ALWAYS_EXEMPTS = "always_exempts"  # the same, whatever the rule says
RESETS_ORDER_CLOCK = "resets_order_clock"  # a date or moment, or null: days without order count from it


@dataclass(frozen=True)
class Condition:
    """``expression(choice)`` is an expression over a Customer row (``F``, ``Exists`` with ``OuterRef("pk")``).

    ``choices`` when it needs one, e.g. from which stage on: (value as text, label) pairs, read when a form opens.
    ``over_time(choice)`` of one that exempts, for the simulation of rules: ``values_list`` of the customer's number,
    the day from which and (or None) the day until which it was so. Without it, it counts as it stands today.
    """

    label: Any
    expression: Callable[[Any], Any]
    use: str
    choices: Callable[[], Iterable[tuple[str, Any]]] | None = None
    is_date: bool = False
    over_time: Callable[[Any], QuerySet] | None = None


conditions: Register[Condition] = Register("condition over a customer")
# Every day on which the order clock was set back, for the simulation: ``values_list`` of the customer and the day.
sale_days: Register[Callable[[], QuerySet]] = Register("days on which customers bought")


def of_use(use: str) -> dict[str, Condition]:
    return {name: conditions[name] for name in conditions.names() if conditions[name].use == use}


conditions.add(
    "last_order", Condition(_("an order"), lambda _choice: F("last_order_on"), RESETS_ORDER_CLOCK, is_date=True)
)


def _deferred_case(_choice: Any) -> Exists:
    cases = ChurnCase.objects.filter(deleted_at__isnull=True, customer=OuterRef("pk"), state=ChurnState.DEFERRED)
    return Exists(cases)


conditions.add("deferred_churn", Condition(_("a deferred churn case"), _deferred_case, ALWAYS_EXEMPTS))
