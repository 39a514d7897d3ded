"""The rules of churn: seen, tried before they are switched on, changed by who rules the whole company."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
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
from customers.churn.rule_forms import ChurnRuleForm
from customers.churn.watch import VERB, foreseen, reason
from customers.limits import Today
from customers.models import ChurnRule
from customers.pool.rule_words import kind_in_words
from customers.rules import create_rule as create_rule_of
from customers.rules import delete_rule as delete
from customers.rules import order_rules as reorder
from customers.rules import switch_rule as switch
from records.field_history import field_history
from records.models import JobRun

RULE = "customers/churn/rule_form.html"


@dataclass(frozen=True)
class Forecast:
    """For how many customers a rule would open a case tonight, and whose they are."""

    number: int
    people: list[tuple[str, int]]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    _require(request)
    shown = list(ChurnRule.objects.order_by("order", "pk"))  # unscoped: the company's, asked for above
    context = {
        "rules": [(rule, kind_in_words(rule) or _("all customers"), reason(rule)) for rule in shown],
        "seen": ",".join(str(rule.pk) for rule in shown),
        "crumbs": [crumb()],
        "sees_batches": access.allows_all(request.user, "view", "batch"),
        "last_run": JobRun.objects.filter(name=VERB).first(),  # unscoped: the company's
    }
    return render(request, "customers/churn/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_rule(request: HttpRequest) -> HttpResponse:
    _require(request)
    rule = ChurnRule()
    if tried := _tried(request, rule, _("New rule")):
        return tried

    def make(form: ChurnRuleForm) -> ChurnRule:
        return create_rule_of(ChurnRule, form.values(), by=form.user)

    return create_view(
        request, ChurnRuleForm, make, title=_("New rule"), template=RULE, cancel_url=_url(),
        success_url=lambda _rule: _url(), form_arguments={"instance": rule}, extra=_beside(None),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    if tried := _tried(request, rule, rule.name):
        return tried
    return edit_view(
        request, rule, ChurnRuleForm, title=rule.name, template=RULE, success_url=_url(), extra=_beside(rule)
    )


@require_POST
def switch_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    switch(rule, not rule.is_active, by=request.user)
    text = _("“%(name)s” is switched on.") if rule.is_active else _("“%(name)s” is switched off.")
    messages.success(request, text % {"name": rule})
    return redirect("customers:churn_rules")


@require_POST
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    delete(rule, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": rule})
    return redirect("customers:churn_rules")


@require_POST
def order_rules(request: HttpRequest) -> HttpResponse:
    _require(request)
    held = list(ChurnRule.objects.order_by("order", "pk").values_list("pk", flat=True))  # unscoped: the company's
    reorder(ChurnRule, wanted_order(request.POST, held), by=request.user)
    messages.success(request, _("The order is saved."))
    return redirect("customers:churn_rules")


def _require(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "rules")


def _rule(request: HttpRequest, pk: int) -> ChurnRule:
    _require(request)
    return get_object_or_404(ChurnRule, pk=pk)


def _tried(request: HttpRequest, rule: ChurnRule, title: str) -> HttpResponse | None:
    """The button “try” only says for whom the rule would open a case; None when it was not pressed, or errors stand."""
    if "try" not in request.POST:
        return None
    form = ChurnRuleForm(request.POST, instance=rule, user=request.user)
    if not form.is_valid():
        return None
    carried = {name: request.POST.get(name, "") for name in ("opened", "once")}
    context = {**_beside(rule if rule.pk else None), **carried, "conflict": None, "cancel_url": _url()}
    return render(request, RULE, {**context, "form": form, "title": title, "forecast": _forecast(form.instance)})


def _beside(rule: ChurnRule | None) -> dict[str, Any]:
    changes = [row.as_row() for row in field_history(rule, 10)] if rule else []
    return {"forecast": None, "rule": rule, "changes": changes, "back": _url(), "up_label": _("Churn rules")}


def _url() -> str:
    return reverse("customers:churn_rules")


def _forecast(rule: ChurnRule) -> Forecast:
    rows = foreseen(rule, Today.at(timezone.now())).order_by()
    people = Counter({row["owner"]: row["n"] for row in rows.values("owner").annotate(n=Count("pk"))})
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))  # unscoped: names are for everybody
    shown = sorted(((names[pk], number) for pk, number in people.items()), key=lambda item: (-item[1], item[0]))
    return Forecast(people.total(), shown)
