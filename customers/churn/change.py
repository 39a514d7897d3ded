"""What is done with the rules of churn, each with an event that names who."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from customers.models import ChurnRule
from records.log import log_event


@transaction.atomic
def create_rule(values: dict[str, Any], *, by: Any) -> ChurnRule:
    """The last in the order."""
    last = ChurnRule.objects.aggregate(last=Max("order"))["last"] or 0
    rule = ChurnRule.objects.create(**{"order": last + 10, **values})
    log_event("create", rule, by=by)
    return rule


@transaction.atomic
def switch_rule(rule: ChurnRule, on: bool, *, by: Any) -> bool:
    """Whether it was not so before."""
    moved = ChurnRule.objects.filter(pk=rule.pk).exclude(is_active=on).update(is_active=on)
    if moved:
        log_event("switch_on" if on else "switch_off", rule, by=by)
    rule.is_active = on
    return bool(moved)


@transaction.atomic
def delete_rule(rule: ChurnRule, *, by: Any) -> None:
    """The cases that it opened stay, with the sign that they stand for."""
    log_event("delete", rule, by=by)
    ChurnRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def order_rules(wanted: list[int], *, by: Any) -> None:
    """The first that names a customer opens its case."""
    rows = ChurnRule.objects.select_for_update().in_bulk()
    for place, pk in enumerate(wanted, start=1):
        if rows[pk].order != place * 10:
            ChurnRule.objects.filter(pk=pk).update(order=place * 10)
            log_event("order", rows[pk], by=by, facts={"place": place})
