"""Pools, recycle rules and limits of reminders as forms."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Reach, Team, User
from crm.forms import RecordForm
from customers.conditions import EXEMPTS, Condition, of_use
from customers.models import AlertLimits, Pool, ProtectionLimits, RecycleRule
from customers.states import CustomerState, Grade
from records.models import DictionaryEntry

KEPT = "kept_by_"


class SeveralChoices(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class PoolForm(RecordForm):
    uncounted_grades = SeveralChoices(
        label=gettext_lazy("Grades that do not count"), choices=Grade.choices, required=False
    )
    uncounted_states = SeveralChoices(
        label=gettext_lazy("States that do not count"), choices=CustomerState.choices, required=False
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"), queryset=User.objects.none(), required=False,
        help_text=gettext_lazy("They see the pool and claim from it."),
    )  # fmt: skip
    administrators = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Administrators"), queryset=User.objects.none(), required=False,
        help_text=gettext_lazy("They also set its limits and rules, and are asked when the brake stops a run."),
    )  # fmt: skip

    class Meta:
        model = Pool
        fields = (
            "name", "is_active", "is_open", "holding_cap", "uncounted_grades", "uncounted_states", "claims_per_day",
            "claim_interval", "cooldown_days", "freeze_hours", "brake_percent",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(Q(is_active=True) | Q(pool_memberships__pool=self.instance.pk)).distinct()
        for name, is_administrator in (("members", False), ("administrators", True)):
            self.fields[name].queryset = people
            if self.instance.pk:
                held = self.instance.memberships.filter(is_administrator=is_administrator)
                self.initial[name] = list(held.values_list("user_id", flat=True))
        if self.instance.is_default:
            del self.fields["is_active"]

    def people(self) -> dict[str, Any]:
        """As the verbs take them."""
        return {name: list(self.cleaned_data[name]) for name in ("members", "administrators")}


class RecycleRuleForm(RecordForm):
    grades = SeveralChoices(
        label=gettext_lazy("Grades"), choices=Grade.choices, required=False,
        help_text=gettext_lazy("Nothing chosen: all."),
    )  # fmt: skip
    states = SeveralChoices(label=gettext_lazy("States"), choices=CustomerState.choices, required=False)
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams, with all below"), queryset=Team.objects.none(), required=False
    )
    sources = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sources"), queryset=DictionaryEntry.objects.none(), required=False
    )

    class Meta:
        model = RecycleRule
        fields = (
            "name", "pool", "order", "grades", "states", "teams", "sources", "idle_days", "order_days", "needs_both",
            "counts_working_days", "warn_days", "fresh_days", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.is_for_own_teams = access.reach_of(user, "pool", "rules") == Reach.TEAM
        own = Q(pk__in=access.team_ids_of(user)) | Q(pk__in=self.instance.teams)
        self.fields["teams"].queryset = Team.objects.filter(own) if self.is_for_own_teams else Team.objects.all()
        self.fields["sources"].queryset = DictionaryEntry.objects.filter(list="lead_source", is_active=True)
        self.fields["pool"].queryset = Pool.objects.visible_to(user) | Pool.objects.allowing(user, "rules")
        self._add_exemptions()

    def _add_exemptions(self) -> None:
        """One field per condition of the higher rooms; a new rule keeps by all of them."""
        for code, condition in of_use(EXEMPTS).items():
            held = self.instance.exempt.get(code) if self.instance.pk else True
            self.fields[KEPT + code] = _field_of(condition)
            self.initial[KEPT + code] = bool(held) if condition.choices is None else _choice(held)
        self.order_fields([name for name in self.fields if name != "is_active"] + ["is_active"])

    def clean_teams(self) -> list[int]:
        teams = [team.pk for team in self.cleaned_data["teams"]]
        pool = self.cleaned_data.get("pool")
        may_all = pool is not None and Pool.objects.allowing(self.user, "rules").filter(pk=pool.pk).exists()
        if self.is_for_own_teams and not may_all and not set(teams) & set(access.team_ids_of(self.user)):
            raise forms.ValidationError(_("Name at least one of your teams."))
        return teams

    def clean_sources(self) -> list[int]:
        return [entry.pk for entry in self.cleaned_data["sources"]]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        kept = {name.removeprefix(KEPT): values[name] for name in values if name.startswith(KEPT) and values[name]}
        self.instance.exempt = {code: True if choice in (True, "any") else choice for code, choice in kept.items()}
        return values

    def values(self) -> dict[str, Any]:
        return {**super().values(), "exempt": self.instance.exempt}


def _field_of(condition: Condition) -> forms.Field:
    label = _("Kept by %(what)s") % {"what": condition.label}
    if condition.choices is None:
        return forms.BooleanField(label=label, required=False)
    choices = [("", _("no")), ("any", _("any stage")), *condition.choices()]
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _choice(held: Any) -> str:
    return "any" if held is True else str(held or "")


class AlertLimitsForm(RecordForm):
    class Meta:
        model = AlertLimits
        fields = (
            "never_days", "idle_days_a", "idle_days_b", "idle_days_c", "idle_days_d", "escalate_days",
            "counts_working_days",
        )  # fmt: skip


class ProtectionLimitsForm(RecordForm):
    class Meta:
        model = ProtectionLimits
        fields = ("most_at_once", "most_days")
