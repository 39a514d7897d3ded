"""What is typed about an assignment rule and its people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach, Team
from crm.places import countries, languages
from leads.models import AssignmentRule, RuleMember
from leads.strategies import strategies
from records.dictionary import choices

OF_ONE_WAY = ("second_strategy", "measured_days", "least_sample", "tries_percent")
MOST_CAMPAIGNS = 50


class RuleForm(forms.ModelForm):
    """Teams and people are those that the person may make rules for."""

    class Meta:
        model = AssignmentRule
        fields = (
            "name", "team", "sources", "regions", "industries", "campaigns", "languages", "countries", "min_value",
            "min_score", "strategy", "second_strategy", "measured_days", "least_sample", "tries_percent",
            "contact_within", "in_working_hours", "fallback",
        )  # fmt: skip

    sources = forms.TypedMultipleChoiceField(label=_("Source"), coerce=int, required=False)
    regions = forms.TypedMultipleChoiceField(label=_("Region"), coerce=int, required=False)
    industries = forms.TypedMultipleChoiceField(label=_("Industry"), coerce=int, required=False)
    campaigns = forms.CharField(
        label=_("Campaign"), required=False, help_text=_("One per line, as it stands on the leads."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("Language"), required=False)
    countries = forms.MultipleChoiceField(label=_("Country"), required=False)
    strategy = forms.ChoiceField(label=_("Way to choose"))
    second_strategy = forms.ChoiceField(label=_("Else"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name, of in (("sources", "lead_source"), ("regions", "region"), ("industries", "industry")):
            self.fields[name].choices = choices(of)
        self.fields["languages"].choices = languages()
        self.fields["countries"].choices = countries()
        for name in ("sources", "regions", "industries", "languages", "countries"):
            self.fields[name].widget.attrs["size"] = 4
        self._offer_ways()
        self.initial["campaigns"] = "\n".join(self.instance.campaigns)
        self.fields["fallback"].queryset = candidates(user)
        self._offer_teams()

    def _offer_ways(self) -> None:
        """What only one of the ways asks may be left out: then it is what a new rule has."""
        ways = [(name, strategies[name].label) for name in strategies.names()]
        self.fields["strategy"].choices = ways
        self.fields["second_strategy"].choices = [way for way in ways if not strategies[way[0]].needs_match]
        for name in OF_ONE_WAY:
            self.fields[name].required = False
        self.fields["second_strategy"].help_text = AssignmentRule._meta.get_field("second_strategy").help_text

    def _offer_teams(self) -> None:
        """Who may make rules for her teams only must say for which."""
        teams = Team.objects.order_by("name", "id")
        if access.reach_of(self.user, "rules", "change") != Reach.ALL:
            self.fields["team"].queryset = teams.filter(pk__in=access.team_ids_of(self.user))
            self.fields["team"].required = True
        else:
            self.fields["team"].queryset = teams

    def clean_campaigns(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data["campaigns"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > MOST_CAMPAIGNS or any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("At most 50 campaigns, each of at most 120 characters."))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in OF_ONE_WAY:
            if name not in self.errors and cleaned.get(name) in (None, ""):
                cleaned[name] = AssignmentRule._meta.get_field(name).get_default()
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class MemberForm(forms.ModelForm):
    class Meta:
        model = RuleMember
        fields = ("user", "is_active", "weight", "holding_cap", "daily_cap")
        help_texts = {"holding_cap": ""}


class BaseMemberFormSet(forms.BaseModelFormSet):
    """The people of one rule; nobody twice."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        people = candidates(self.user)
        if form.instance.pk:
            people = people | type(form.instance.user).objects.filter(pk=form.instance.user_id)
        form.fields["user"].queryset = people.order_by("name", "id")
        form.fields["DELETE"].label = _("Remove")
        for field in form.fields.values():
            field.widget.attrs["class"] = _css(field.widget)

    def clean(self) -> None:
        super().clean()
        seen: set[int] = set()
        for form in self.forms:
            user = form.cleaned_data.get("user") if hasattr(form, "cleaned_data") else None
            if user is None or form.cleaned_data.get("DELETE"):
                continue
            if user.pk in seen:
                form.add_error("user", _("This person takes part already."))
            seen.add(user.pk)

    def members(self) -> list[dict[str, Any]]:
        """As ``set_members`` takes them."""
        names = ("user", *(name for name in MemberForm.Meta.fields if name != "user"))
        return [
            {name: form.cleaned_data[name] for name in names}
            for form in self.forms
            if form.cleaned_data.get("user") and not form.cleaned_data.get("DELETE")
        ]


MemberFormSet = forms.modelformset_factory(
    RuleMember, form=MemberForm, formset=BaseMemberFormSet, extra=3, can_delete=True
)


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def candidates(user: Any) -> Any:
    """Who can take leads, of those for whom the person may make rules."""
    people = access.holders("lead", "work")
    if access.reach_of(user, "rules", "change") != Reach.ALL:
        people = people.filter(team_id__in=access.team_ids_of(user))
    return people.order_by("name", "id")
