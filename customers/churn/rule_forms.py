"""A churn rule as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from crm.forms import RecordForm
from customers.churn.signs import signs
from customers.models import ChurnRule
from customers.states import CustomerState, Grade


class SeveralChoices(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class ChurnRuleForm(RecordForm):
    signal = forms.ChoiceField(label=gettext_lazy("Sign"))
    grades = SeveralChoices(
        label=gettext_lazy("Grades"), choices=Grade.choices, required=False,
        help_text=gettext_lazy("Nothing chosen: all."),
    )  # fmt: skip
    states = SeveralChoices(label=gettext_lazy("States"), choices=CustomerState.choices, required=False)
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams, with all below"), queryset=Team.objects.all(), required=False
    )

    class Meta:
        model = ChurnRule
        fields = ("name", "signal", "number", "grades", "states", "teams", "rest_days", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signal"].choices = [(name, signs[name].label) for name in signs.names()]
        self.fields["number"].label = _("So many (times or days)")
        self.fields["number"].help_text = _("What the sign counts.")

    def clean_teams(self) -> list[int]:
        return [team.pk for team in self.cleaned_data["teams"]]
