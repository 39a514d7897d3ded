"""What is done with rules that stand in an order and are switched on and off, those of the pools and those of churn:
each with an event that names who.
"""

from typing import Any

from django.db import transaction

from customers.models import ChurnRule, RecycleRule
from records.log import log_event

AnyRule = RecycleRule | ChurnRule
BETWEEN = 10  # places left free between two rules


def last_place(model: type[AnyRule]) -> int:
    """The place of a new rule: behind all others."""
    last = model._base_manager.order_by("-order").values_list("order", flat=True).first() or 0
    return last + BETWEEN


@transaction.atomic
def create_rule(model: type[AnyRule], values: dict[str, Any], *, by: Any) -> Any:
    rule = model._base_manager.create(**{"order": last_place(model), **values})
    log_event("create", rule, by=by)
    return rule


@transaction.atomic
def switch_rule(rule: AnyRule, on: bool, *, by: Any) -> bool:
    """Whether it was not so before."""
    moved = type(rule)._base_manager.filter(pk=rule.pk).exclude(is_active=on).update(is_active=on)
    if moved:
        log_event("switch_on" if on else "switch_off", rule, by=by)
    rule.is_active = on
    return bool(moved)


@transaction.atomic
def delete_rule(rule: AnyRule, *, by: Any) -> None:
    """What it did stays; the log keeps its number."""
    log_event("delete", rule, by=by)
    type(rule)._base_manager.filter(pk=rule.pk).delete()


@transaction.atomic
def order_rules(model: type[AnyRule], wanted: list[int], *, by: Any) -> None:
    """The first that names a customer holds for it."""
    rows = model._base_manager.select_for_update(of=("self",)).in_bulk()
    for place, pk in enumerate(wanted, start=1):
        if rows[pk].order != place * BETWEEN:
            model._base_manager.filter(pk=pk).update(order=place * BETWEEN)
            log_event("order", rows[pk], by=by, facts={"place": place})
