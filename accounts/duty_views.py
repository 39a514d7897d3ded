"""On duty, off duty, absent: one click in the top bar, and a page with the days planned ahead."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import access, duty
from accounts.models import Company, User
from accounts.views import _address_of_ours


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("First day"), widget=_day())
    last = forms.DateField(label=gettext_lazy("Last day"), widget=_day())


@require_safe
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Her own, with the people whose duty she may change; or one of these."""
    person = _reached(request, pk) if pk else request.user
    now = timezone.now()
    others = [] if pk else _others(request.user)
    context = {
        "person": person,
        "is_own": person.pk == request.user.pk,
        "state": person.absence_at(now, timezone.get_current_timezone()),
        "absences": _absences(person, timezone.localdate(now)),
        "form": AbsenceForm(),
        "others": [(one, one.absence_at(now, Company.get().zone), _next(one, now)) for one in others],
    }
    return render(request, "accounts/duty.html", context)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    person = _reached(request, request.POST.get("person"))
    try:
        if request.POST.get("on") == "1":
            duty.come_on_duty(person, by=request.user)
        else:
            _go(request, person)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return HttpResponseRedirect(_address_of_ours(request, request.POST.get("next", "") or "/profile/duty/"))


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    person = _reached(request, request.POST.get("person"))
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the first and the last day."))
        return _back(request, person)
    try:
        today = timezone.localdate()
        duty.plan_absence(person, form.cleaned_data["first"], form.cleaned_data["last"], by=request.user, today=today)
        messages.success(request, _("The absence is planned. No rule gives anything on these days."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _back(request, person)


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    person = _reached(request, request.POST.get("person"))
    try:
        duty.cancel_absence(person, date.fromisoformat(request.POST.get("first", "")), by=request.user)
        messages.success(request, _("The absence is taken out."))
    except ValueError:
        messages.error(request, _("This absence is not planned any more."))
    return _back(request, person)


def _go(request: HttpRequest, person: User) -> None:
    now = timezone.localtime()
    clock = request.POST.get("clock", "")
    until = duty.moment_of(request.POST.get("until", ""), clock, now=now, opens=Company.get().day_starts_at)
    duty.go_off_duty(person, by=request.user, now=now, until=until)


def _reached(request: HttpRequest, number: Any) -> User:
    """Out of reach is 404, as everywhere."""
    text = str(number or request.user.pk)
    people = duty.people_of(request.user)
    return get_object_or_404(people, pk=int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0)


def _back(request: HttpRequest, person: User) -> HttpResponse:
    return redirect("accounts:duty") if person.pk == request.user.pk else redirect("accounts:duty_of", person.pk)


def _others(user: Any) -> list[User]:
    """People who can be given leads; at most what fits on a page that is read at one glance."""
    workers = access.holders("lead", "work").exclude(pk=user.pk)
    return list(access.people_in_reach(user, "lead", "assign").filter(pk__in=workers).order_by("name", "pk")[:300])


def _absences(person: User, today: date) -> list[tuple[date, date]]:
    """First and last day of what is not over."""
    return [(one.lower, one.upper - duty.DAY) for one in person.absences if one.upper > today]


def _next(person: User, now: Any) -> tuple[date, date] | None:
    coming = _absences(person, timezone.localdate(now))
    return coming[0] if coming else None
