"""The pages of assignment rules, for those with the right ``rules``."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms.reorder import wanted_order
from leads import rules
from leads.assign import preview
from leads.models import AssignmentRule, RuleMember
from leads.period_form import period_of
from leads.rule_forms import MemberFormSet, RuleForm
from leads.rule_page import rows_of, sentences_of
from leads.simulate import Tried, simulate
from records.refusals import StaleVersion


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "rules")
    rows = rows_of(request.user, now=timezone.now())
    seen = ",".join(str(row.rule.pk) for row in rows)
    return render(request, "leads/rules.html", {"rows": rows, "seen": seen, "crumbs": _crumbs()})


@require_safe
def dry_run(request: HttpRequest) -> HttpResponse:
    """What one run at this moment would do, also the rules that are switched off and were asked for."""
    access.require(request.user, "change", "rules")
    mine = AssignmentRule.objects.for_user(request.user)
    asked = mine.filter(pk=request.GET["rule"]).first() if request.GET.get("rule", "").isdecimal() else None
    context = {
        "told": preview(now=timezone.now(), mine=mine, also=asked),
        "asked": asked,
        "crumbs": [*_crumbs(), (_("Assignment rules"), reverse("leads:rules"))],
    }
    return render(request, "leads/dry_run.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "rules")
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, _reached(request, pk))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _reached(request, pk)
    on = request.POST.get("on") == "1"
    rules.switch_rule(rule, on, by=request.user)
    messages.success(request, _("The rule is switched on.") if on else _("The rule is switched off."))
    return redirect("leads:rules")


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Among the rules that the person sees: those of other teams keep their places."""
    access.require(request.user, "change", "rules")
    seen = list(AssignmentRule.objects.for_user(request.user).in_order().values_list("pk", flat=True))
    rules.order_rules(wanted_order(request.POST, seen), by=request.user)
    messages.success(request, _("The order is saved."))
    return redirect("leads:rules")


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _reached(request, pk)
    rules.require_for(request.user, rule.team)
    made = rules.copy_rule(rule, by=request.user)
    messages.success(request, _("This is the copy; it is switched off."))
    return redirect("leads:rule", made.pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    rules.delete_rule(_reached(request, pk), by=request.user)
    messages.success(request, _("The rule is deleted. Leads keep their owners."))
    return redirect("leads:rules")


def _reached(request: HttpRequest, pk: int) -> AssignmentRule:
    access.require(request.user, "change", "rules")
    return get_object_or_404(AssignmentRule.objects.for_user(request.user), pk=pk)


def _form(request: HttpRequest, rule: AssignmentRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule, user=request.user)
    members = MemberFormSet(
        request.POST or None, user=request.user, prefix="members", queryset=RuleMember.objects.for_rule(rule)
    )
    status, version = 200, str(rule.version) if rule else ""
    if request.method == "POST":
        status, version = 422, request.POST.get("version", "")
        if form.is_valid() and members.is_valid() and "try" in request.POST:
            return _tried(request, rule, form, members, version)
        if form.is_valid() and members.is_valid():
            try:
                saved = _save(rule, form, members, by=request.user, version=version)
            except StaleVersion as stale:
                form.add_error(None, _faster(rule))
                status, version = 409, str(stale.version)
            else:
                messages.success(request, _("Saved. Look at the dry run before you switch the rule on."))
                return redirect(f"{reverse('leads:rules_dry_run')}?rule={saved.pk}")
    return render(request, "leads/rule.html", _page(rule, form, members, version), status=status)


def _page(rule: AssignmentRule | None, form: RuleForm, members: Any, version: str) -> dict[str, Any]:
    saved = (
        AssignmentRule.objects.for_user(form.user)
        .select_related("team", "fallback")
        .filter(pk=rule and rule.pk)
        .first()
    )
    return {
        "version": version,
        "form": form,
        "members": members,
        "rule": saved,
        "told": sentences_of(saved) if saved else [],
        "title": saved.name if saved else _("New assignment rule"),
        "crumbs": [*_crumbs(), (_("Assignment rules"), reverse("leads:rules"))],
    }


def _tried(
    request: HttpRequest, rule: AssignmentRule | None, form: RuleForm, formset: Any, version: str
) -> HttpResponse:  # fmt: skip
    """What the rule as it stands in the form would have made of the last 30 days; nothing is saved."""
    rules.require_for(request.user, form.cleaned_data["team"])
    edited = form.instance
    held = {member.user_id: member.position for member in rule.members.all()} if rule else {}
    highest = max(held.values(), default=Decimal(0))
    people = [RuleMember(**values, position=held.get(values["user"].pk, highest)) for values in formset.members()]
    _form_of_period, period = period_of({})
    now = timezone.now()
    done = simulate(request.user, first=period[0], last=period[1], now=now, instead=Tried(edited, people))
    return render(request, "leads/rule.html", {**_page(rule, form, formset, version), "simulation": done})


def _save(rule: AssignmentRule | None, form: RuleForm, formset: Any, *, by: Any, version: str) -> AssignmentRule:
    values, members = form.values(), formset.members()
    rules.require_for(by, values["team"])
    if rule is None:
        return rules.create_rule(values, members, by=by)
    seen = int(version) if version.isascii() and version.isdigit() else None
    rules.change_rule(rule, values, members, by=by, version=seen)
    return rule


def _faster(rule: AssignmentRule | None) -> str:
    """Nothing typed is lost: the form still holds it, and the next “Save” is meant to replace what is there."""
    return _(
        "%(name)s changed this rule while you had it open, and nothing was saved. What you typed is still here: open "
        "the rule in another tab to see theirs, or save again to put yours in its place."
    ) % {"name": (rule and rules.changed_last_by(rule)) or _("The system")}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Leads"), reverse("leads:list"))]
