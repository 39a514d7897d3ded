"""Pools, their rules and limits: seen, tried before they are switched on, changed by those with the right to rules."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Reach, User
from customers.limits import NEW, Today, rules_in_force
from customers.models import AlertLimits, Pool, RecycleRule
from customers.pool.rule_forms import AlertLimitsForm, PoolForm, RecycleRuleForm
from customers.recycle import VERB, foresee, reason
from records.models import JobRun
from records.tasks import run_job


@dataclass(frozen=True)
class Forecast:
    """What a rule would move tonight, and whose customers."""

    number: int
    people: list[tuple[str, int]]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "rules", "pool")
    own = set(RecycleRule.objects.allowing(request.user, "rules").values_list("pk", flat=True))
    shown = RecycleRule.objects.filter(pool__in=_pools(request.user)).select_related("pool")
    is_everybodys = access.reach_of(request.user, "pool", "rules") == Reach.ALL
    context = {
        "pools": _pools(request.user),
        "own_pools": set(Pool.objects.allowing(request.user, "rules").values_list("pk", flat=True)),
        "rules": [(rule, reason(rule), rule.pk in own) for rule in shown],
        "is_everybodys": is_everybodys,
        "last_run": JobRun.objects.filter(name=VERB).first() if is_everybodys else None,
    }
    return render(request, "customers/pool/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_rule(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "rules", "pool")
    return _rule_form(request, RecycleRule(pool=Pool.default()), _("New rule"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    return _rule_form(request, rule, rule.name)


@require_POST
def switch_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    rule.switch(on=not rule.is_active)
    text = _("“%(name)s” is switched on.") if rule.is_active else _("“%(name)s” is switched off.")
    messages.success(request, text % {"name": rule})
    return redirect("customers:pool_rules")


@require_POST
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    rule.delete()
    messages.success(request, _("“%(name)s” is deleted.") % {"name": rule})
    return redirect("customers:pool_rules")


@require_http_methods(["GET", "HEAD", "POST"])
def create_pool(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "pool")
    return _saved_form(request, PoolForm, Pool(), _("New pool"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_pool(request: HttpRequest, pk: int) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.allowing(request.user, "rules"), pk=pk)
    return _saved_form(request, PoolForm, pool, pool.name)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_limits(request: HttpRequest) -> HttpResponse:
    _require_everybodys(request.user)
    return _saved_form(request, AlertLimitsForm, AlertLimits.get(), _("Reminders"))


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """The answer to the brake: move them all the same."""
    _require_everybodys(request.user)
    run_job.delay(VERB, force=True)
    messages.success(request, _("The run has been started; its report stands here when it is done."))
    return redirect("customers:pool_rules")


def _rule_form(request: HttpRequest, rule: RecycleRule, title: str) -> HttpResponse:
    """Saves, or with the button “try” only says what the rule would move tonight."""
    form = RecycleRuleForm(request.POST or None, instance=rule, user=request.user)
    forecast = None
    if form.is_valid():
        if "try" not in request.POST:
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.save()})
            return redirect("customers:pool_rules")
        forecast = _forecast(form.instance)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context = {"form": form, "title": title, "forecast": forecast, "rule": rule if rule.pk not in (None, NEW) else None}
    return render(request, "customers/pool/rule_form.html", context, status=status)


def _saved_form(request: HttpRequest, form_class: Any, instance: Any, title: str) -> HttpResponse:
    form = form_class(request.POST or None, instance=instance)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("customers:pool_rules")
    context = {"form": form, "title": title}
    return render(request, "customers/pool/form.html", context, status=422 if form.is_bound else 200)


def _forecast(rule: RecycleRule) -> Forecast:
    in_force = rules_in_force(trying=rule)
    people = foresee(in_force, rule, Today.at(timezone.now()))
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    shown = sorted(((names[pk], number) for pk, number in people.items()), key=lambda item: (-item[1], item[0]))
    return Forecast(sum(people.values()), shown)


def _pools(user: Any) -> Any:
    return (Pool.objects.visible_to(user) | Pool.objects.allowing(user, "rules")).distinct()


def _require_everybodys(user: Any) -> None:
    """Company-wide settings ask for the right to the rules of every pool."""
    access.require_all(user, "rules", "pool")
