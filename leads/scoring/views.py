"""The pages of score rules and of the limits of the rating: seen, tried before they count, changed company-wide."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.hub import crumb
from leads.models import ScoreLimits, ScoreRule
from leads.scoring import change
from leads.scoring.facts import facts
from leads.scoring.foresee import Foreseen, became_in_words, foresee, with_rule
from leads.scoring.forms import ScoreLimitsForm, ScoreRuleForm
from leads.scoring.score import Scoring
from leads.scoring.sweep import JOB
from leads.scoring.words import in_words, labels_of
from records.field_history import field_history
from records.models import JobRun

EDITOR = "leads/scoring/editor.html"
# A preview answers at once: it looks at so many of the newest open leads.
LOOKED_AT = 20_000


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    _require(request)
    shown = list(ScoreRule.objects.in_order())  # unscoped: the company's, asked for above
    labels = labels_of(shown)
    context = {
        "rules": [(rule, in_words(rule, labels)) for rule in shown],
        "facts": [(name, facts[name].label) for name in facts.names()],
        "limits": ScoreLimits.get(),
        "crumbs": [crumb()],
        "last_run": JobRun.objects.filter(name=JOB, moved__gt=0).first(),  # unscoped: the company's
    }
    return render(request, "leads/scoring/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_rule(request: HttpRequest, fact: str) -> HttpResponse:
    _require(request)
    if fact not in facts:
        raise Http404
    rule, title = ScoreRule(fact=fact), _("New rule: %(fact)s") % {"fact": facts[fact].label}
    if tried := _tried(request, rule, title):
        return tried

    def make(form: ScoreRuleForm) -> ScoreRule:
        return change.create_rule(fact, form.values(), by=form.user)

    return create_view(
        request, ScoreRuleForm, make, title=title, template=EDITOR, cancel_url=_url(),
        success_url=lambda _rule: _url(), form_arguments={"instance": rule}, extra=_beside(None),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    if tried := _tried(request, rule, rule.name):
        return tried

    def save(form: ScoreRuleForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change.edit_rule(rule, values, opened, by=form.user)

    return edit_view(
        request, rule, ScoreRuleForm, title=rule.name, template=EDITOR, success_url=_url(), save=save,
        extra=_beside(rule),
    )  # fmt: skip


@require_POST
def switch_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    change.switch_rule(rule, not rule.is_active, by=request.user)
    text = _("“%(name)s” is switched on.") if rule.is_active else _("“%(name)s” is switched off.")
    messages.success(request, f"{text % {'name': rule}} {_('Open leads are scored anew in the background.')}")
    return redirect(_url())


@require_POST
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    change.delete_rule(rule, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": rule})
    return redirect(_url())


@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    _require(request)
    held = ScoreLimits.get()
    if "try" in request.POST:
        form = ScoreLimitsForm(request.POST, instance=held, user=request.user)
        if form.is_valid():
            return _shown(request, form, _("Limits of the rating"), _foreseen(limits=form.instance), held)

    def save(form: ScoreLimitsForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change.change_limits(values, opened, by=form.user)

    return edit_view(
        request, held, ScoreLimitsForm, title=_("Limits of the rating"), template=EDITOR, success_url=_url(),
        save=save, extra=_beside(held),
    )  # fmt: skip


def _require(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "rules")


def _rule(request: HttpRequest, pk: int) -> ScoreRule:
    _require(request)
    rule = get_object_or_404(ScoreRule, pk=pk)
    if rule.fact not in facts:
        raise Http404
    return rule


def _tried(request: HttpRequest, rule: ScoreRule, title: str) -> HttpResponse | None:
    """The button “try” only says what the rule would do; None when it was not pressed, or errors stand."""
    if "try" not in request.POST:
        return None
    form = ScoreRuleForm(request.POST, instance=rule, user=request.user)
    if not form.is_valid():
        return None
    return _shown(request, form, title, _foreseen(rule=form.instance), rule if rule.pk else None)


def _shown(request: HttpRequest, form: Any, title: str, foreseen: dict[str, Any], record: Any) -> HttpResponse:
    carried = {name: request.POST.get(name, "") for name in ("opened", "once")}
    context = {**_beside(record), **carried, **foreseen, "conflict": None, "cancel_url": _url()}
    return render(request, EDITOR, {**context, "form": form, "title": title})


def _foreseen(*, rule: ScoreRule | None = None, limits: ScoreLimits | None = None) -> dict[str, Any]:
    scoring = Scoring.at(timezone.now())
    if rule is not None:
        scoring = with_rule(scoring, rule)
    if limits is not None and scoring.rules:
        scoring = scoring.limited(limits)
    found = foresee(scoring, newest=LOOKED_AT)
    met = next((number for one, number in found.met if one is rule), None)
    return {"foreseen": found, "met": met, "became": became_in_words(found)}


def _beside(record: Any) -> dict[str, Any]:
    changes = [row.as_row() for row in field_history(record, 10)] if record else []
    rule = record if isinstance(record, ScoreRule) else None
    found: Foreseen | None = None
    return {"foreseen": found, "met": None, "became": [], "rule": rule, "changes": changes}


def _url() -> str:
    return reverse("leads:score_rules")
