"""Which leads a rule is for, as one condition; and its words for people."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import Company
from leads.models import AssignmentRule

# Column of the rule → column of the lead that must be one of its values.
LISTS = {
    "sources": "source_id",
    "regions": "region_id",
    "industries": "industry_id",
    "languages": "language",
    "countries": "country",
}


def condition_of(rule: AssignmentRule) -> Q:
    """What a lead must meet; a rule of a team is only for the leads in the queue of that team."""
    condition = Q(team_id=rule.team_id) if rule.team_id else Q()
    for ours, theirs in LISTS.items():
        if wanted := getattr(rule, ours):
            condition &= Q(**{f"{theirs}__in": wanted})
    if rule.campaigns:
        condition &= reduce(or_, (Q(campaign__iexact=name) for name in rule.campaigns))
    if rule.min_value is not None:
        condition &= Q(estimated_value__gte=rule.min_value, currency=Company.get().currency)
    if rule.min_score is not None:
        condition &= Q(score__gte=rule.min_score)
    return condition


def decided_by(rule: AssignmentRule, earlier: Iterable[AssignmentRule]) -> Q:
    """Leads for which this rule is the first of the active ones, in their order."""
    condition = condition_of(rule)
    for other in earlier:
        condition &= none_of([other])
    return condition


def none_of(rules: Iterable[AssignmentRule]) -> Q:
    """Leads that no rule is for."""
    condition = Q()
    for rule in rules:
        met = condition_of(rule)
        condition &= ~met if met else Q(pk__in=[])
    return condition
