"""What a report is asked for: the same words on the page and in the API (DOORS: Reports)."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company, Team, User
from reports.period import PRESETS, Period, preset
from sales.models import Pipeline

if TYPE_CHECKING:
    from reports.register import Report


@dataclass(frozen=True)
class Asked:
    """A report's question. Empty filters count everything within the viewer's reach."""

    period: Period
    period_name: str = ""
    team: Team | None = None
    owner: User | None = None
    pipeline: Pipeline | None = None
    measure: str = ""
    by: str = ""
    page: int = 1
    is_compared: bool = False

    def held(self, owner: str = "owner", team: str = "team") -> Q:
        """Rows of the asked person and team, by the names of their columns; a team with all below it."""
        rule = Q()
        if self.owner:
            rule &= Q(**{f"{owner}_id": self.owner.pk})
        if self.team:
            rule &= Q(**{f"{team}_id__in": self.team.ids_with_below()})
        return rule

    def as_query(self) -> dict[str, Any]:
        """The whole question as plain values, for the note of an export."""
        days = {"from": self.period.start, "to": self.period.end}
        kept = {name: day.isoformat() for name, day in days.items() if day}
        return {**kept, **self.params(), **{n: v for n, v in (("measure", self.measure), ("by", self.by)) if v}}

    def params(self) -> dict[str, Any]:
        """The filters as parameters of a list behind a figure."""
        found = {"owner": self.owner, "team": self.team, "pipeline": self.pipeline}
        return {name: item.pk for name, item in found.items() if item}


class AskedForm(forms.Form):
    """The question as it is typed, with choices of the viewer's reach only."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    team = forms.ModelChoiceField(None, label=_("Team"), required=False, empty_label=_("All"))
    owner = forms.ModelChoiceField(None, label=_("Person"), required=False, empty_label=_("All"))
    pipeline = forms.ModelChoiceField(
        Pipeline.objects.all(),  # unscoped: for all
        label=_("Pipeline"),
        required=False,
        empty_label=_("All"),
    )

    compare = forms.BooleanField(label=_("Compare with the period before"), required=False)
    page = forms.IntegerField(min_value=1, max_value=10**7, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, user: Any, report: "Report", now: datetime.datetime, default: str | None = None
    ) -> None:
        default = default or report.period
        super().__init__(_with_period(data, default))
        self.default, self.extra, self.report = default, report.extra(user), report
        self.today = now.astimezone(Company.get().zone).date()
        day = forms.DateInput(attrs={"type": "date"})
        self.fields["from"] = forms.DateField(label=_("From"), required=False, widget=day)
        self.fields["to"] = forms.DateField(label=_("To"), required=False, widget=day)
        self.fields["period"].choices = [("", _("Own dates")), *PRESETS.items()]  # type: ignore[attr-defined]
        people = access.people_in_reach(user, "opportunity")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_in_reach(people)  # type: ignore[attr-defined]
        for name, (label, choices) in self.extra.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=list(choices.items()), required=False)
        for name in report.without:
            del self.fields[name]
        self.order_fields([*self.extra, "period", "from", "to"])
        self._dress()

    @property
    def main(self) -> list[forms.BoundField]:
        """What one asks each time."""
        return [self[name] for name in (*self.extra, "period")]

    @property
    def more(self) -> list[forms.BoundField]:
        """Own dates and filters: folded until one is set."""
        return [self[name] for name in ("from", "to", "team", "owner", "pipeline") if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        asked = [*self.more, self["compare"]]
        return any(field.errors or field.value() for field in asked) or not self["period"].value()

    def _dress(self) -> None:
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            is_box = isinstance(field, forms.BooleanField)
            style = "form-select" if is_choice else "form-check-input" if is_box else "form-control"
            field.widget.attrs.setdefault("class", style)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("from"), found.get("to")
        if start and end and start > end:
            self.add_error("to", _("The period ends before it starts."))
        return found

    def asked(self) -> Asked:
        """The question; call after ``is_valid``."""
        found = self.cleaned_data
        name, period = found.get("period") or "", Period(found.get("from"), found.get("to"))
        if period == Period():
            name = name or self.default
            period = preset(name, self.today)
        else:
            name = ""
        return Asked(
            period, name, found.get("team"), found.get("owner"), found.get("pipeline"),
            page=found.get("page") or 1, is_compared=bool(found.get("compare")),
            **{key: found.get(key) or next(iter(choices)) for key, (_label, choices) in self.extra.items()},
        )  # fmt: skip


def _with_period(data: Any, default: str) -> dict[str, Any]:
    """What was asked, with the usual period where none was: so that the form shows what is counted."""
    asked = data.dict() if hasattr(data, "dict") else dict(data or {})
    if not any(asked.get(name) for name in ("period", "from", "to")):
        asked["period"] = default
    return asked


def teams_in_reach(people: QuerySet) -> QuerySet:
    """The teams of these people and those above them, so that a manager's whole tree can be asked for."""
    tree = Team.objects.order_by("pk")  # unscoped: the tree is no secret
    parents = dict(tree.values_list("pk", "parent_id"))
    found: set[int] = set()
    for team in people.exclude(team=None).order_by().values_list("team_id", flat=True).distinct():
        while team and team not in found:
            found.add(team)
            team = parents[team]
    return Team.objects.filter(pk__in=found)  # unscoped: the teams were found by people in reach
