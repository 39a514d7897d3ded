"""Makers of leads and rules, saved at once."""

from typing import Any

from accounts.models import User
from leads.models import AssignmentRule, Lead, RuleMember, ScoreRule, WebForm
from leads.states import LeadState
from leads.web_forms.change import create_form, switch_form
from records.dictionary import entry_by_code
from tests import factories


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


def web_form(author: User, *asked: str, is_active: bool = True, **values: Any) -> WebForm:
    """A form of ``author`` that requires name and e-mail and may be given what else is ``asked``."""
    fields = [{"name": name, "is_required": True, "label": "", "help": ""} for name in ("name", "email")]
    fields += [{"name": name, "is_required": False, "label": "", "help": ""} for name in asked]
    values = {"name": "Contact us", "title": "Talk to us", "source": entry_by_code("lead_source", "web"), **values}
    made = create_form(values, fields, by=author)
    switch_form(made, is_active, by=author)
    return made


def marketer(name: str = "mara") -> User:
    return factories.person(name, "marketing")


def score_rule(fact: str, points: int, *, name: str = "", **fields: Any) -> ScoreRule:
    """A score rule in force."""
    return ScoreRule.objects.create(fact=fact, points=points, name=name or fact, is_active=True, **fields)
