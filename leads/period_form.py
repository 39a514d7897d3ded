"""From which day to which: a short form of pages that look back."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm.forms.inputs import DayInput

LONGEST = timedelta(days=366)


class PeriodForm(forms.Form):
    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(label=_("Until"), widget=DayInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= first + LONGEST:
            raise forms.ValidationError(_("The period begins before it ends, and is at most a year long."))
        if first and last and not 2000 <= first.year <= last.year <= 2200:
            raise forms.ValidationError(_("These years are out of range."))
        return cleaned


def period_of(data: Any) -> tuple[PeriodForm, tuple[date, date] | None]:
    """The form, and the period; the last 30 days of the company unless asked, None when it makes no sense."""
    today = timezone.localdate(timezone=Company.get().zone)
    usual = {"first": today - timedelta(days=30), "last": today}
    if "first" not in data and "last" not in data:
        return PeriodForm(initial=usual), (usual["first"], usual["last"])
    form = PeriodForm(data)
    return form, (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else None
