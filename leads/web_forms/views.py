"""The pages on which web forms are built, for those with the right ``web_form``."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Company
from crm.hub import crumb
from leads.models import ConsentText, WebForm
from leads.web_forms import authors, change
from leads.web_forms.builder_forms import Questions, WebFormForm
from leads.web_forms.figures import rows_of, total_of, weeks_of
from leads.web_forms.public_form import TRAP, PublicForm
from leads.web_forms.snippets import frame_of, plain_of
from records.refusals import StaleVersion


@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "web_form")
    rows = rows_of(request.user, now=timezone.now())
    return render(request, "leads/web_forms/list.html", {"rows": rows, "crumbs": [crumb()]})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    form = _reached(request, pk)
    weeks = weeks_of(form, now=timezone.now())
    context = {
        "web_form": form,
        "weeks": weeks,
        "total": total_of(weeks),
        "may_act": authors.may_act(form),
        "may_take_over": form.author_id != request.user.pk and authors.covers(request.user, form.team_id),
        "is_used": form.submissions.exists(),
        "frame": frame_of(form),
        "plain": plain_of(form),
        "crumbs": _crumbs(),
    }
    return render(request, "leads/web_forms/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "change", "web_form")
    access.require(request.user, "create", "lead")
    return _build(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _build(request, _reached(request, pk))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What stands in the builder as a visitor would see it; nothing is saved."""
    access.require(request.user, "change", "web_form")
    form = WebFormForm(request.POST, user=request.user)
    return render(request, "leads/web_forms/_preview.html", _preview(form, Questions(request.POST, form=None)))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    form, on = _reached(request, pk), request.POST.get("on") == "1"
    change.switch_form(form, on, by=request.user)
    messages.success(request, _("The form is switched on.") if on else _("The form is switched off."))
    return redirect("leads:web_form", pk)


@require_POST
def renew_key(request: HttpRequest, pk: int) -> HttpResponse:
    change.renew_key(_reached(request, pk), by=request.user)
    messages.success(request, _("The form has a new address. Put it where the old one stood."))
    return redirect("leads:web_form", pk)


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    form = _reached(request, pk)
    access.require(request.user, "create", "lead")
    change.require_for(request.user, form.team)
    change.take_over(form, by=request.user)
    messages.success(request, _("The form acts in your name now."))
    return redirect("leads:web_form", pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    change.delete_form(_reached(request, pk), by=request.user)
    messages.success(request, _("The form is deleted."))
    return redirect("leads:web_forms")


def _reached(request: HttpRequest, pk: int) -> WebForm:
    access.require(request.user, "change", "web_form")
    return get_object_or_404(WebForm.objects.for_user(request.user).with_names(), pk=pk)


def _build(request: HttpRequest, web_form: WebForm | None) -> HttpResponse:
    form = WebFormForm(request.POST or None, instance=web_form, user=request.user)
    questions = Questions(request.POST or None, form=web_form)
    status, version = 200, str(web_form.version) if web_form else ""
    if request.method == "POST":
        status, version = 422, request.POST.get("version", "")
        if all([form.is_valid(), questions.is_valid()]):
            try:
                saved = _save(web_form, form, questions, by=request.user, version=version)
            except StaleVersion as stale:
                form.add_error(None, _faster(web_form))
                status, version = 409, str(stale.version)
            else:
                messages.success(request, _("Saved."))
                return redirect("leads:web_form", saved.pk)
    context = {
        **_preview(form, questions),
        "version": version,
        "form": form,
        "questions": questions,
        "built": web_form,
        "title": web_form.name if web_form else _("New web form"),
        "cancel_url": reverse("leads:web_form", args=[web_form.pk]) if web_form else reverse("leads:web_forms"),
        "crumbs": _crumbs(),
    }
    return render(request, "leads/web_forms/builder.html", context, status=status)


def _save(web_form: WebForm | None, form: WebFormForm, questions: Questions, *, by: Any, version: str) -> WebForm:
    values, rows = form.values(), questions.rows()
    change.require_for(by, values["team"])
    if web_form is None:
        return change.create_form(values, rows, by=by)
    seen = int(version) if version.isascii() and version.isdigit() else None
    change.change_form(web_form, values, rows, by=by, version=seen)
    return web_form


def _preview(form: WebFormForm, questions: Questions) -> dict[str, Any]:
    """Labels in the form's language; that of the visitor is the reader's here."""
    shown = form.shown()
    consent = ConsentText(text=shown.consent) if shown.consent.strip() else None
    language = shown.language if shown.language in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(language):
        filled = PublicForm(rows=[line.typed_row() for line in questions.asked], consent=consent, prefix="preview")
    return {
        "shown": shown,
        "filled": filled,
        "shown_in": language,
        "company": Company.get() if shown.shows_brand else None,
        "trap": TRAP,
        "hidden": {},
        "ticket": "",
    }


def _faster(form: WebForm | None) -> str:
    """Nothing typed is lost: the page still holds it, and the next “Save” is meant to replace what is there."""
    return _(
        "%(name)s changed this form while you had it open, and nothing was saved. What you typed is still here: open "
        "the form in another tab to see theirs, or save again to put yours in its place."
    ) % {"name": (form and change.changed_last_by(form)) or _("The system")}


def _crumbs() -> list[tuple[Any, str]]:
    return [crumb(), (_("Web forms"), reverse("leads:web_forms"))]
