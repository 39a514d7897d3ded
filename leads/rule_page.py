"""Read-only assembly of the page of assignment rules: each rule in words, who takes part, what each got."""

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
    """``told``: the rule in sentences."""

    rule: AssignmentRule
    condition: str
    told: list[str]
    people: list[tuple[str, int]]
    now: str


def rows_of(user: Any, *, now: datetime) -> list[RuleRow]:
    rules = list(AssignmentRule.objects.for_user(user).select_related("team", "fallback").in_order())
    labels = labels_of(rules)
    return [
        RuleRow(
            rule, condition_in_words(rule, labels), _way_in_words(rule), _people(rule), _now(seating_of(rule, now=now))
        )
        for rule in rules
    ]


def sentences_of(rule: AssignmentRule) -> list[str]:
    """The whole rule in words: for which leads, to whom, how, and what else happens."""
    condition = condition_in_words(rule, labels_of([rule]))
    people = ", ".join(sorted(name for name, _given in _people(rule))) or _("nobody yet")
    return [f"{condition}.", _("They go to: %(people)s.") % {"people": people}, *_way_in_words(rule)]


def condition_in_words(rule: AssignmentRule, labels: dict[int, str]) -> str:
    """``"Source: Web form, Phone · Country: Germany"``; all leads without any."""
    return " · ".join(text for _column, text in parts_of(rule, labels)) or _("All leads")


def parts_of(rule: AssignmentRule, labels: dict[int, str]) -> list[tuple[str, str]]:
    """Each condition of the rule: the rule's column, and its words."""
    tongues, lands = dict(languages()), dict(countries())
    lists = [
        ("sources", _("Source"), [labels.get(pk, "?") for pk in rule.sources]),
        ("regions", _("Region"), [labels.get(pk, "?") for pk in rule.regions]),
        ("industries", _("Industry"), [labels.get(pk, "?") for pk in rule.industries]),
        ("campaigns", _("Campaign"), rule.campaigns),
        ("languages", _("Language"), [tongues.get(code, code) for code in rule.languages]),
        ("countries", _("Country"), [lands.get(code, code) for code in rule.countries]),
    ]
    found = [(column, f"{label}: {', '.join(map(str, values))}") for column, label, values in lists if values]
    if rule.min_value is not None:
        value = current_formats().number(rule.min_value, places=0)
        found.append(("min_value", _("Estimated value from %(value)s") % {"value": value}))
    if rule.min_score is not None:
        found.append(("min_score", _("Score from %(score)s") % {"score": rule.min_score}))
    if rule.team:
        found.insert(0, ("team", _("Queue of %(team)s") % {"team": rule.team}))
    return found


def labels_of(rules: list[AssignmentRule]) -> dict[int, str]:
    """The dictionary entries that the rules name."""
    ids = {pk for rule in rules for pk in (*rule.sources, *rule.regions, *rule.industries)}
    return {entry.pk: entry.label for entry in DictionaryEntry.objects.filter(pk__in=ids).order_by("pk")}


def _way_in_words(rule: AssignmentRule) -> list[str]:
    told = [f"{_way(rule)}."]
    if rule.in_working_hours:
        told.append(_("Only in working hours."))
    if rule.contact_within is not None:
        told.append(
            ngettext(
                "Not contacted within %(count)d minute, a lead goes to somebody who has not had it yet, and after "
                "everybody to the supervisor's queue.",
                "Not contacted within %(count)d minutes, a lead goes to somebody who has not had it yet, and after "
                "everybody to the supervisor's queue.",
                rule.contact_within,
            )
            % {"count": rule.contact_within}
        )
    if rule.fallback:
        told.append(_("When nobody can take it, %(name)s gets it.") % {"name": rule.fallback})
    return told


def _way(rule: AssignmentRule) -> str:
    if rule.strategy not in strategies:
        return rule.strategy
    way = strategies[rule.strategy]
    told = str(way.label)
    if way.needs_match:
        return _("%(way)s; else: %(second)s") % {"way": told, "second": strategies[rule.second_strategy].label}
    if way.needs_measure:
        words = {"way": told, "days": rule.measured_days, "least": rule.least_sample, "percent": rule.tries_percent}
        return (
            _("%(way)s, measured over %(days)s days and at least %(least)s closed leads; %(percent)s%% for the others")
            % words
        )
    return told


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
