"""The working calendar: the company's own days beside the public holidays of its country."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Company
from accounts.workdays import public_holidays
from crm.forms.inputs import DayInput
from crm.hub import crumb
from records import working_calendar
from records.refusals import Refused

PAGE = "records/settings/calendar.html"


@dataclass(frozen=True)
class Day:
    """``is_off``: a day of rest by this line. ``own``: it is the company's entry, else a public holiday."""

    day: datetime.date
    weekday: Any
    name: str
    is_off: bool
    own: bool
    is_overruled: bool = False


class DaysForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    last = forms.DateField(
        label=gettext_lazy("Until"), widget=DayInput(), required=False, help_text=gettext_lazy("Empty: one day.")
    )
    works = forms.TypedChoiceField(
        label=gettext_lazy("Kind"), coerce=lambda text: text == "yes",
        choices=[("no", gettext_lazy("day off")), ("yes", gettext_lazy("extra working day"))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    return _page(request, DaysForm(), _year(request))


@require_POST
def add_days(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    form = DaysForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            working_calendar.set_days(
                Company.get(), values["first"], values["last"], works=values["works"], name=values["name"],
                by=request.user, today=_today(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("last" if refusal.reason in ("order", "length") else "first", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('records:calendar')}?year={values['first'].year}")
    return _page(request, form, _year(request), status=422)


@require_POST
def remove_day(request: HttpRequest) -> HttpResponse:
    access.require_all(request.user, "change", "company")
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("This is not a date."), reason="date")
    if working_calendar.remove_day(Company.get(), day, by=request.user):
        messages.success(request, _("Taken out of the calendar."))
    return redirect(f"{reverse('records:calendar')}?year={day.year}")


def _page(request: HttpRequest, form: DaysForm, year: int, status: int = 200) -> HttpResponse:
    company = Company.get()
    context = {
        "form": form,
        "year": year,
        "years": range(_today().year - 1, _today().year + 3),
        "own": _own(company, year),
        "holidays": _holidays(company, year),
        "has_holidays": bool(company.has_public_holidays and company.country),
        "rest": ", ".join(str(WEEKDAYS[day]) for day in range(7) if day not in company.days),
        "crumbs": [crumb()],
    }
    return render(request, PAGE, context, status=status)


def _own(company: Company, year: int) -> list[Day]:
    days = [(datetime.date.fromisoformat(text), held) for text, held in company.own_days.items()]
    return [
        Day(day, WEEKDAYS[day.weekday()], held["name"], not held["works"], True)
        for day, held in sorted(days, key=lambda pair: pair[0])
        if day.year == year
    ]


def _holidays(company: Company, year: int) -> list[Day]:
    known = public_holidays(company)
    day, found = datetime.date(year, 1, 1), []
    while day.year == year:
        if name := known.get(day):
            overruled = day.isoformat() in company.own_days
            found.append(Day(day, WEEKDAYS[day.weekday()], name, True, False, overruled))
        day += datetime.timedelta(days=1)
    return found


def _year(request: HttpRequest) -> int:
    text, now = request.GET.get("year", ""), _today().year
    year = int(text) if text.isdecimal() and len(text) == 4 else now
    return year if now - 10 <= year <= now + 10 else now


def _today() -> datetime.date:
    return timezone.now().astimezone(Company.get().zone).date()
