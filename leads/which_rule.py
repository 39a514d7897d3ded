"""Which rule takes this lead: each active rule in its order, what of it is met, and who could take it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from leads.conditions import condition_of
from leads.models import AssignmentRule, Lead
from leads.rule_page import labels_of, parts_of
from leads.seats import ABSENT, REASONS, Seating, seating_of
from leads.sticky import known_owners
from leads.strategies import HOW, Waiting, strategies, strategies_of

TAKES, PASSED, LATER = "takes", "passed", "later"


@dataclass(frozen=True)
class Asked:
    """One rule asked about one lead. ``state``: it takes the lead, it is not for it, or an earlier one took it."""

    rule: AssignmentRule
    state: str
    met: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """``people``: name → what keeps her from it, "" for who could take it now; ``next``: to whom it would go now."""

    asked: list[Asked]
    people: list[tuple[str, str]]
    next: str


def which_rule(lead: Lead, *, now: datetime) -> Answer:
    """Nothing is written, and the rules are read as they stand."""
    rules = list(AssignmentRule.objects.filter(is_active=True).select_related("team", "fallback").in_order())
    asked, taker = _ask(lead, rules)
    if taker is None:
        return Answer(asked, [], _("No rule is for this lead: it waits until somebody assigns it."))
    seating = seating_of(taker, now=now)
    return Answer(asked, _people(taker, seating), _next(lead, taker, seating))


def _ask(lead: Lead, rules: list[AssignmentRule]) -> tuple[list[Asked], AssignmentRule | None]:
    labels, taker, asked = labels_of(rules), None, []
    row = Lead.objects.filter(pk=lead.pk)
    for rule in rules:
        parts = parts_of(rule, labels)
        if taker is not None:
            asked.append(Asked(rule, LATER))
            continue
        met = {column for column, _text in parts if row.filter(_only(rule, column)).exists()}
        missed = [text for column, text in parts if column not in met]
        asked.append(Asked(rule, PASSED if missed else TAKES, [t for c, t in parts if c in met], missed))
        taker = None if missed else rule
    return asked, taker


def _only(rule: AssignmentRule, column: str) -> Q:
    """The condition that this one column of the rule makes."""
    alone = AssignmentRule(**{column: getattr(rule, column)})
    return condition_of(alone)


def _people(rule: AssignmentRule, seating: Seating) -> list[tuple[str, str]]:
    members = rule.members.filter(is_active=True).select_related("user").order_by("user__name", "pk")
    return [(member.user.name, str(ABSENT.get(seating.why.get(member.pk, ""), ""))) for member in members]


def _next(lead: Lead, rule: AssignmentRule, seating: Seating) -> str:
    names = {member.user_id: member.user.name for member in rule.members.select_related("user")}
    known = known_owners([lead.pk]) if any(way.needs_match for way in strategies_of(rule)) else {}
    asked = Waiting(lead.pk, known=known.get(lead.pk, ()))
    if given := strategies[rule.strategy].turn(seating.seats, rule).give(asked):
        seat, how = given
        words = HOW[how] % {"converted": seat.converted, "closed": seat.closed}
        return _("Now it would go to %(name)s: %(how)s.") % {"name": names[seat.user_id], "how": words}
    if rule.fallback:
        return _("Now it would go to %(name)s, because nobody else can take it.") % {"name": rule.fallback}
    return _("Now it would wait: %(why)s.") % {"why": REASONS[seating.reason]}
