"""What is typed of pipelines, stages and gates."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.forms import RecordForm
from sales.models import Pipeline, Stage, StageGate


class PipelineForm(RecordForm):
    class Meta:
        model = Pipeline
        fields = ("name", "name_zh", "name_ru", "going_back", "is_active")
        help_texts = {
            "name_zh": _("Empty: the first name is shown."),
            "name_ru": _("Empty: the first name is shown."),
            "is_active": _("Switched off, nothing new starts in it; what was won or lost there stays in the reports."),
        }


class NewPipelineForm(PipelineForm):
    like = forms.ModelChoiceField(
        label=_("With the stages of"), empty_label=None,
        queryset=Pipeline.objects.none(),  # unscoped: none
        help_text=_("Its stages and gates are copied; change them afterwards as you like."),
    )  # fmt: skip

    class Meta(PipelineForm.Meta):
        fields = ("name", "name_zh", "name_ru", "going_back")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = Pipeline.objects.order_by("order", "pk")  # unscoped: pipelines belong to the whole company
        self.fields["like"].queryset = every  # type: ignore[attr-defined]
        self.initial["like"] = Pipeline.objects.active().first()  # unscoped: pipelines belong to the whole company


class StageForm(RecordForm):
    class Meta:
        model = Stage
        fields = (
            "name", "name_zh", "name_ru", "probability", "forecast", "expected_days", "rot_days", "allows_quotes",
        )  # fmt: skip
        help_texts = {
            "name_zh": _("Empty: the first name is shown."),
            "name_ru": _("Empty: the first name is shown."),
            "probability": _("Proposed when an opportunity enters the stage; its owner may change it."),
            "expected_days": _("How long an opportunity usually stands here."),
            "rot_days": _("An opportunity that stands here longer is marked on the board and on the today page."),
            "allows_quotes": _("Off: no quote is made for an opportunity in this stage."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        usual, mark = data.get("expected_days"), data.get("rot_days")
        if usual and mark and mark < usual:
            self.add_error("rot_days", _("Opportunities would be marked before their usual days are over."))
        return data


class RetireForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("What is open there goes on in"), empty_label=None,
        queryset=Stage.objects.none(),  # unscoped: none
    )  # fmt: skip

    def __init__(self, *args: Any, others: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class GateForm(RecordForm):
    needs = forms.MultipleChoiceField(
        label=_("Must be filled in"), choices=StageGate.Need.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    open_to = forms.TypedMultipleChoiceField(
        label=_("Who takes the step"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: whoever works the opportunity."),
    )  # fmt: skip

    class Meta:
        model = StageGate
        fields = ("needs", "open_to", "within_days", "is_closed")
        labels = {"within_days": _("Time limit, days"), "is_closed": _("Nobody goes this way")}
        help_texts = {
            "within_days": _(
                "Counted in the stage before. Later, only who may assign the opportunity takes the step. Empty: none."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["open_to"].choices = list(access.role_names().items())  # type: ignore[attr-defined]
