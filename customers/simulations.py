"""The simulation of a rule as a row: asked once, counted in the background, kept until the next one."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from customers.models import RecycleRule, RuleSimulation
from customers.simulate import simulate

log = structlog.get_logger(__name__)

GIVEN_UP_AFTER = timedelta(minutes=15)  # by then a worker would have answered, or was killed for good
KEPT = 3  # of each rule


def ask_simulation(rule: RecycleRule, *, by: Any) -> RuleSimulation:
    """The one under way, or a new one for a worker."""
    from customers.tasks import simulate_rule

    _give_up_old(rule)
    try:
        with transaction.atomic():
            row = RuleSimulation.objects.create(rule=rule, rule_version=rule.version, by=by)
    except IntegrityError:
        return RuleSimulation.objects.under_way().get(rule=rule)
    simulate_rule.delay_on_commit(row.pk)
    return row


def run_simulation(pk: int) -> None:
    row = RuleSimulation.objects.under_way().filter(pk=pk).select_related("rule").first()
    if row is None:
        return
    RuleSimulation.objects.filter(pk=pk).update(state=RuleSimulation.State.RUNNING)
    try:
        result = simulate(row.rule, now=row.asked_at).as_json()
    except Exception:
        log.exception("simulation_failed", simulation=pk)
        _end(pk, RuleSimulation.State.FAILED, {})
        raise
    _end(pk, RuleSimulation.State.DONE, result)
    _forget_old(row.rule_id)


def latest_simulation(rule: RecycleRule) -> RuleSimulation | None:
    return RuleSimulation.objects.filter(rule=rule).order_by("-pk").first()


def _end(pk: int, state: str, result: dict[str, Any]) -> None:
    values = {"state": state, "result": result, "finished_at": timezone.now()}
    RuleSimulation.objects.under_way().filter(pk=pk).update(**values)


def _give_up_old(rule: RecycleRule) -> None:
    lost = RuleSimulation.objects.under_way().filter(rule=rule, asked_at__lt=timezone.now() - GIVEN_UP_AFTER)
    lost.update(state=RuleSimulation.State.FAILED, finished_at=timezone.now())


def _forget_old(rule_id: int) -> None:
    newest = RuleSimulation.objects.filter(rule=rule_id).order_by("-pk").values_list("pk", flat=True)[:KEPT]
    RuleSimulation.objects.filter(rule=rule_id).exclude(pk__in=list(newest)).delete()
