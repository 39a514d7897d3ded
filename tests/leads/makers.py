"""Makers of leads and rules, saved at once."""

from typing import Any

from accounts.models import User
from leads.models import AssignmentRule, Lead, RuleMember
from leads.states import LeadState


def lead(name: str = "Anna Weber", *, owner: User | None = None, **fields: Any) -> Lead:
    """A lead of ``owner``, assigned; or a new one that waits."""
    fields.setdefault("state", LeadState.ASSIGNED if owner else LeadState.NEW)
    if owner:
        fields.setdefault("team_id", owner.team_id)
    return Lead.objects.create(name=name, owner=owner, **fields)


def rule(*people: User, name: str = "All leads", **fields: Any) -> AssignmentRule:
    """An active rule with these members, by round robin."""
    made = AssignmentRule.objects.create(name=name, is_active=True, **fields)
    RuleMember.objects.bulk_create([RuleMember(rule=made, user=person) for person in people])
    return made
