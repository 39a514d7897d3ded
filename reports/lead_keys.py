"""By what leads are analysed: the column, the words for a group, and the filter of the list behind it."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case, CharField, DateField, F, Value, When
from django.db.models.functions import Cast, TruncMonth
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Team, User
from crm.formats import current_formats
from leads.models import AssignmentRule
from records.models import DictionaryEntry
from reports.asked import Asked


@dataclass(frozen=True)
class LeadKey:
    """``column()``: the expression to group by. ``names(keys)``: key → words. ``filters(key, asked)``: what narrows the
    list of the cohort to the group, with the dates that it replaces.
    """

    label: Any
    column: Callable[[], Any]
    names: Callable[[Iterable[Any]], dict[Any, str]]
    filters: Callable[[Any, Asked], dict[str, Any]]


def _entries(keys: Iterable[Any]) -> dict[Any, str]:
    rows = DictionaryEntry.objects.filter(pk__in=keys)  # unscoped: choices are named for everybody
    return {entry.pk: entry.label for entry in rows.order_by("pk")}


def _named(model: Any) -> Callable[[Iterable[Any]], dict[Any, str]]:
    return lambda keys: dict(model.objects.filter(pk__in=keys).values_list("pk", "name"))  # unscoped: names


def _of(name: str, lack: str) -> Callable[[Any, Asked], dict[str, Any]]:
    return lambda key, _asked: {"without": lack} if key in (None, "") else {name: key}


def _month() -> Any:
    return Cast(TruncMonth("created_at", tzinfo=Company.get().zone), DateField())


def _month_names(keys: Iterable[Any]) -> dict[Any, str]:
    return {key: current_formats().month(key) for key in keys}


def _within_month(key: datetime.date, asked: Asked) -> dict[str, Any]:
    last = key + relativedelta(months=1) - datetime.timedelta(days=1)
    after, before = asked.period.start, asked.period.end
    return {
        "entered_after": (max(key, after) if after else key).isoformat(),
        "entered_before": (min(last, before) if before else last).isoformat(),
    }


def _plain(column: str) -> Callable[[], Any]:
    return lambda: F(column)


def _campaign() -> Any:
    """No campaign is no group of its own name."""
    return Case(When(campaign="", then=Value(None)), default=F("campaign"), output_field=CharField())


KEYS = {
    "source": LeadKey(_("Source"), _plain("source_id"), _entries, _of("source", "source")),
    "rule": LeadKey(_("Assignment rule"), _plain("rule_id"), _named(AssignmentRule), _of("rule", "rule")),
    "person": LeadKey(_("Person"), _plain("owner_id"), _named(User), _of("owner", "owner")),
    "team": LeadKey(_("Team"), _plain("team_id"), _named(Team), _of("team_itself", "team")),
    "campaign": LeadKey(
        _("Campaign"), _campaign, lambda keys: {key: str(key) for key in keys}, _of("campaign", "campaign")
    ),
    "month": LeadKey(_("Month of entry"), _month, _month_names, _within_month),
}
