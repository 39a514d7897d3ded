"""A score rule, asked for what its fact needs; the limits of the rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import RecordForm
from leads.models import ScoreLimits, ScoreRule
from leads.scoring.facts import RANGE, Fact, facts
from records.dictionary import choices
from records.models import DictionaryEntry


class ScoreRuleForm(RecordForm):
    """The fact is chosen before: it decides what is asked."""

    entries = forms.TypedMultipleChoiceField(label=_("Any of"), coerce=int)
    codes = forms.MultipleChoiceField(label=_("Any of"))

    class Meta:
        model = ScoreRule
        fields = ("name", "entries", "codes", "words", "at_least", "at_most", "points", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fact = facts[self.instance.fact]
        for name in ("entries", "codes", "words", *RANGE):
            if name not in fact.asks:
                del self.fields[name]
        self._ask(fact)

    def _ask(self, fact: Fact) -> None:
        if "entries" in self.fields:
            self.fields["entries"].choices = _with_retired(choices(fact.entries), self.instance.entries)
        if "codes" in self.fields and fact.codes:
            self.fields["codes"].choices = list(fact.codes())
        for name in ("entries", "codes"):
            if name in self.fields:
                self.fields[name].widget.attrs["size"] = 6
        if "words" in self.fields:
            self.fields["words"].required = True
        if "at_most" in self.fields:
            self.fields["at_most"].help_text = fact.unit

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        asks_range = "at_least" in self.fields and not {"at_least", "at_most"} & set(self.errors)
        if asks_range and values.get("at_least") is None and values.get("at_most") is None:
            self.add_error("at_least", _("Give at least one end of the range."))
        return values


def _with_retired(offered: list[Any], chosen: list[int]) -> list[Any]:
    """Entries that the rule names stay choices, though they are offered no more."""
    missing = set(chosen) - {pk for pk, _label in offered}
    every = DictionaryEntry.objects.order_by("pk")  # unscoped: choices are named for everybody
    kept = every.filter(pk__in=missing) if missing else ()
    return [*offered, *((entry.pk, entry.label) for entry in kept)]


class ScoreLimitsForm(RecordForm):
    class Meta:
        model = ScoreLimits
        fields = ("hot_from", "warm_from")
