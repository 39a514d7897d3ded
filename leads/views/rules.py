"""The pages of assignment rules, for those with the right ``rules``."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from leads import rules
from leads.assign import preview
from leads.models import AssignmentRule, RuleMember
from leads.rule_forms import MemberFormSet, RuleForm
from leads.rule_page import rows_of
from records.refusals import StaleVersion


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "rules")
    rows = rows_of(request.user, now=timezone.now())
    return render(request, "leads/rules.html", {"rows": rows, "crumbs": _crumbs()})


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
def move(request: HttpRequest, pk: int) -> HttpResponse:
    rules.move_rule(_reached(request, pk), -1 if request.POST.get("to") == "up" else 1, by=request.user)
    return redirect("leads:rules")


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
        if form.is_valid() and members.is_valid():
            try:
                saved = _save(rule, form, members, by=request.user, version=version)
            except StaleVersion as stale:
                form.add_error(None, _faster(rule))
                status, version = 409, str(stale.version)
            else:
                messages.success(request, _("Saved. Look at the dry run before you switch the rule on."))
                return redirect(f"{reverse('leads:rules_dry_run')}?rule={saved.pk}")
    context = {
        "version": version,
        "form": form,
        "members": members,
        "rule": rule,
        "title": rule.name if rule else _("New assignment rule"),
        "crumbs": [*_crumbs(), (_("Assignment rules"), reverse("leads:rules"))],
    }
    return render(request, "leads/rule.html", context, status=status)


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
