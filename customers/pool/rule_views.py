"""Pools, their rules and limits: seen, tried before they are switched on, changed by those with the right to rules."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import User
from crm.forms import create_view, edit_view
from crm.forms.reorder import wanted_order
from crm.hub import crumb
from customers.limits import Today, rules_in_force
from customers.models import AlertLimits, Pool, ProtectionLimits, RecycleRule
from customers.pool import change
from customers.pool.rule_forms import AlertLimitsForm, PoolForm, ProtectionLimitsForm, RecycleRuleForm
from customers.pool.rule_words import for_whom
from customers.pool.simulation_views import shown_simulation
from customers.recycle import VERB, foresee, reason
from customers.rules import create_rule as create_rule_of
from customers.rules import delete_rule as delete
from customers.rules import last_place
from customers.rules import order_rules as reorder
from customers.rules import switch_rule as switch
from customers.run_report import last_run_of
from records.field_history import field_history
from records.models import JobRun
from records.tasks import run_job

RULE, EDITOR = "customers/pool/rule_form.html", "customers/pool/form.html"


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
    is_everybodys = access.allows_all(request.user, "rules", "pool")
    if is_everybodys:
        shown = RecycleRule.objects.select_related("pool").order_by("order", "pk")
    context = {
        "pools": _pools(request.user),
        "own_pools": set(Pool.objects.allowing(request.user, "rules").values_list("pk", flat=True)),
        "rules": [(rule, for_whom(rule), reason(rule), rule.pk in own) for rule in shown],
        "is_everybodys": is_everybodys,
        "seen": ",".join(str(rule.pk) for rule in shown) if is_everybodys else "",
        "crumbs": [crumb()],
        "sees_batches": access.allows_all(request.user, "view", "batch"),
        "last_run": JobRun.objects.filter(name=VERB).first() if is_everybodys else None,
    }
    return render(request, "customers/pool/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_rule(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "rules", "pool")
    rule = RecycleRule(pool=Pool.default(), order=last_place(RecycleRule))
    if tried := _tried(request, rule, _("New rule")):
        return tried

    def make(form: RecycleRuleForm) -> RecycleRule:
        return create_rule_of(RecycleRule, form.values(), by=form.user)

    return create_view(
        request, RecycleRuleForm, make, title=_("New rule"), template=RULE, cancel_url=_url(),
        success_url=lambda _rule: _url(), form_arguments={"instance": rule}, extra=_beside(request, None),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    if tried := _tried(request, rule, rule.name):
        return tried

    def save(form: RecycleRuleForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        held = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
        return held.edit(values, by=form.user, opened=opened)

    return edit_view(
        request, rule, RecycleRuleForm, title=rule.name, template=RULE, success_url=_url(), save=save,
        extra=_beside(request, rule),
    )  # fmt: skip


@require_POST
def switch_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    switch(rule, not rule.is_active, by=request.user)
    text = _("“%(name)s” is switched on.") if rule.is_active else _("“%(name)s” is switched off.")
    messages.success(request, text % {"name": rule})
    return redirect("customers:pool_rules")


@require_POST
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
    delete(rule, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": rule})
    return redirect("customers:pool_rules")


@require_POST
def order_rules(request: HttpRequest) -> HttpResponse:
    """Places are of the whole company: who rules over some teams types them in her rules."""
    _require_everybodys(request.user)
    held = list(RecycleRule.objects.order_by("order", "pk").values_list("pk", flat=True))
    reorder(RecycleRule, wanted_order(request.POST, held), by=request.user)
    messages.success(request, _("The order is saved."))
    return redirect("customers:pool_rules")


@require_http_methods(["GET", "HEAD", "POST"])
def create_pool(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "pool")

    def make(form: PoolForm) -> Pool:
        return change.create_pool(form.values(), by=form.user, **form.people())

    return create_view(
        request, PoolForm, make, title=_("New pool"), template=EDITOR, cancel_url=_url(),
        success_url=lambda _pool: _url(), extra={"changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_pool(request: HttpRequest, pk: int) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.allowing(request.user, "rules"), pk=pk)

    def save(form: PoolForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        held = get_object_or_404(Pool.objects.allowing(request.user, "rules"), pk=pk)
        return change.change_pool(held, values, by=form.user, opened=opened, **form.people())

    return edit_view(
        request, pool, PoolForm, title=pool.name, template=EDITOR, success_url=_url(), save=save,
        extra={"changes": _changes(pool)},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def alert_limits(request: HttpRequest) -> HttpResponse:
    _require_everybodys(request.user)

    def save(form: AlertLimitsForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change.change_limits(values, by=form.user, opened=opened)

    held = AlertLimits.get()
    return edit_view(
        request, held, AlertLimitsForm, title=_("Reminders"), template=EDITOR, success_url=request.path,
        cancel_url=_url(), save=save, extra={"changes": _changes(held)},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def protection_limits(request: HttpRequest) -> HttpResponse:
    _require_everybodys(request.user)

    def save(form: ProtectionLimitsForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change.change_protection(values, by=form.user, opened=opened)

    held = ProtectionLimits.get()
    return edit_view(
        request, held, ProtectionLimitsForm, title=_("Protection"), template=EDITOR, success_url=request.path,
        cancel_url=_url(), save=save, extra={"changes": _changes(held)},
    )  # fmt: skip


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """The answer to the brake: move them all the same."""
    _require_everybodys(request.user)
    run_job.delay(VERB, force=True)
    messages.success(request, _("The run has been started; its report stands here when it is done."))
    return redirect("customers:pool_rules")


def _tried(request: HttpRequest, rule: RecycleRule, title: str) -> HttpResponse | None:
    """The button “try” only says what the rule would move tonight; None when it was not pressed, or errors stand."""
    if "try" not in request.POST:
        return None
    form = RecycleRuleForm(request.POST, instance=rule, user=request.user)
    number = rule.pk
    if not form.is_valid():
        return None
    forecast = _forecast(form.instance)
    rule.pk = number
    carried = {name: request.POST.get(name, "") for name in ("opened", "once")}
    context = {**_beside(request, rule if number else None), **carried, "conflict": None, "cancel_url": _url()}
    return render(request, RULE, {**context, "form": form, "title": title, "forecast": forecast})


def _beside(request: HttpRequest, rule: RecycleRule | None) -> dict[str, Any]:
    above = {"forecast": None, "rule": rule, "changes": [], "back": _url(), "up_label": _("Pools and rules")}
    if rule is None:
        return above
    batch, people = last_run_of(rule) or (None, [])
    run = {"batch": batch, "people": people, "total": sum(number for _name, number in people)}
    own = {"simulation": shown_simulation(rule), "run": run, "changes": _changes(rule)}
    return {**above, **own, "sees_batches": access.allows_all(request.user, "view", "batch")}


def _changes(held: Any) -> list[Any]:
    return [row.as_row() for row in field_history(held, 10)]


def _url() -> str:
    return reverse("customers:pool_rules")


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
