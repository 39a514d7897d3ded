"""What is done with score rules and the limits of the rating, each with an event that names who.

Whatever moves scores raises ``rules_version``: the sweep sees it in its row, so that a lost message is only a delay.
"""

from typing import Any

from django.db import transaction
from django.db.models import F, Max

from leads.models import ScoreLimits, ScoreRule
from leads.scoring.sweep import JOB
from records.log import log_event
from records.models import Event


@transaction.atomic
def create_rule(fact: str, values: dict[str, Any], *, by: Any) -> ScoreRule:
    last = ScoreRule.objects.aggregate(last=Max("order"))["last"] or 0
    rule = ScoreRule.objects.create(fact=fact, **{"order": last + 10, **values})
    log_event("create", rule, by=by)
    if rule.is_active:
        score_anew()
    return rule


@transaction.atomic
def edit_rule(
    rule: ScoreRule, values: dict[str, Any], opened: dict[str, Any] | None = None, *, by: Any
) -> Event | None:
    event = rule.edit(values, by=by, opened=opened)
    if event is not None:
        score_anew()
    return event


@transaction.atomic
def switch_rule(rule: ScoreRule, on: bool, *, by: Any) -> bool:
    """Whether it was not so before."""
    moved = ScoreRule.objects.filter(pk=rule.pk).exclude(is_active=on).update(is_active=on)
    if moved:
        log_event("switch_on" if on else "switch_off", rule, by=by)
        score_anew()
    rule.is_active = on
    return bool(moved)


@transaction.atomic
def delete_rule(rule: ScoreRule, *, by: Any) -> None:
    log_event("delete", rule, by=by)
    ScoreRule.objects.filter(pk=rule.pk).delete()
    if rule.is_active:
        score_anew()


@transaction.atomic
def change_limits(values: dict[str, Any], opened: dict[str, Any] | None = None, *, by: Any) -> Event | None:
    event = ScoreLimits.get().edit(values, by=by, opened=opened)
    if event is not None:
        score_anew()
    return event


def score_anew() -> None:
    """All open leads are scored in the background; until then each keeps what it has."""
    from records.tasks import run_job

    ScoreLimits.get()
    ScoreLimits.objects.filter(pk=1).update(rules_version=F("rules_version") + 1)
    run_job.delay_on_commit(JOB)
