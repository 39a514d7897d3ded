"""Read-only assembly of the page of assignment rules: whom each is for, who takes part, what each got."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import current_formats
from crm.places import countries, languages
from leads.models import AssignmentRule
from leads.seats import REASONS, Seating, seating_of
from leads.strategies import strategies
from records.models import DictionaryEntry


@dataclass(frozen=True)
class RuleRow:
    rule: AssignmentRule
    condition: str
    way: str
    people: list[tuple[str, int]]
    now: str


def rows_of(user: Any, *, now: datetime) -> list[RuleRow]:
    rules = list(AssignmentRule.objects.for_user(user).select_related("team").in_order())
    labels = _labels(rules)
    return [
        RuleRow(rule, condition_in_words(rule, labels), _way(rule), _people(rule), _now(seating_of(rule, now=now)))
        for rule in rules
    ]


def condition_in_words(rule: AssignmentRule, labels: dict[int, str]) -> str:
    """``"Source: Web form, Phone · Country: Germany"``; all leads without any."""
    parts = [
        (_("Source"), [labels.get(pk, "?") for pk in rule.sources]),
        (_("Region"), [labels.get(pk, "?") for pk in rule.regions]),
        (_("Industry"), [labels.get(pk, "?") for pk in rule.industries]),
        (_("Language"), [dict(languages()).get(code, code) for code in rule.languages]),
        (_("Country"), [dict(countries()).get(code, code) for code in rule.countries]),
    ]
    found = [f"{label}: {', '.join(values)}" for label, values in parts if values]
    if rule.min_value is not None:
        found.append(
            _("Estimated value from %(value)s") % {"value": current_formats().number(rule.min_value, places=0)}
        )
    if rule.team:
        found.insert(0, _("Queue of %(team)s") % {"team": rule.team})
    return " · ".join(found) or _("All leads")


def _labels(rules: list[AssignmentRule]) -> dict[int, str]:
    ids = {pk for rule in rules for pk in (*rule.sources, *rule.regions, *rule.industries)}
    return {entry.pk: entry.label for entry in DictionaryEntry.objects.filter(pk__in=ids).order_by("pk")}


def _way(rule: AssignmentRule) -> str:
    label = str(strategies[rule.strategy].label) if rule.strategy in strategies else rule.strategy
    if rule.contact_within is None:
        return label
    limit = ngettext("first contact within %(count)d minute", "first contact within %(count)d minutes",
                     rule.contact_within) % {"count": rule.contact_within}  # fmt: skip
    return f"{label}, {limit}"


def _people(rule: AssignmentRule) -> list[tuple[str, int]]:
    """Who takes part and how many leads each has got, the most first."""
    members = rule.members.filter(is_active=True).select_related("user").order_by("-given", "user__name", "pk")
    return [(member.user.name, member.given) for member in members]


def _now(seating: Seating) -> str:
    """Who could take a lead at this moment."""
    if seating.seats:
        free = ngettext(
            "%(count)d person can take leads now", "%(count)d people can take leads now", len(seating.seats)
        )
        return free % {"count": len(seating.seats)}
    return str(REASONS[seating.reason]).capitalize()
