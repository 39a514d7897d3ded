"""Bulk actions: what will happen, then the batch, then what happened."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from crm.forms.once import FIELD, make_once
from crm.lists.actions import BulkForm
from crm.lists.asked import Asked
from crm.lists.bulk import AT_ONCE, run_bulk, start_bulk
from crm.lists.count import count_exactly
from crm.lists.export_views import file_of
from crm.lists.spec import BulkAction
from crm.lists.tasks import run_bulk_batch
from crm.lists.views import asked_for
from crm.toasts import toast_with_undo
from records.models import Batch
from records.undo import may_undo, undo_batch

MOST_IDS = 1_000


@require_POST
def bulk(request: HttpRequest, name: str, action: str) -> HttpResponse:
    """First post: the selected rows → what will happen and what is asked. With ``confirm``: does it."""
    asked = asked_for(request, name, QueryDict(request.POST.get("query", "")))
    chosen = asked.spec.action(action)
    if chosen is None:
        raise Http404
    access.require(request.user, chosen.right, asked.spec.kind)
    ids = _ids(request, asked)
    if ids == []:
        messages.warning(request, _("Select some rows first."))
        return redirect(asked.url(asked.query()))
    if chosen.page:
        return redirect(chosen.page(ids or []))
    is_confirmed = "confirm" in request.POST
    form = _form(chosen, asked, request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        return _run(request, asked, chosen, ids, form.values())
    return _preview(request, asked, chosen, ids, form, status=422 if form.errors else 200)


def _ids(request: HttpRequest, asked: Asked) -> list[int] | None:
    """The selected rows that are within reach; None for all that the filter says."""
    if request.POST.get("scope") == "filter":
        return None
    given = {int(text) for text in request.POST.getlist("ids")[:MOST_IDS] if text.isdecimal() and len(text) < 19}
    rows = asked.spec.model.objects.visible_to(request.user).filter(pk__in=given)
    return sorted(rows.values_list("pk", flat=True))


def _form(action: BulkAction, asked: Asked, data: QueryDict | None) -> BulkForm:
    form_class = action.form(asked.spec, asked.user) if action.form else BulkForm
    return form_class(data)


def _total(asked: Asked, ids: list[int] | None) -> int:
    return count_exactly(asked.branches) if ids is None else len(ids)


def _preview(
    request: HttpRequest, asked: Asked, action: BulkAction, ids: list[int] | None, form: forms.Form, *, status: int
) -> HttpResponse:
    total = _total(asked, ids)
    context = {
        "spec": asked.spec,
        "action": action,
        "form": form,
        "total": asked.formats.number(total),
        "sample": _sample(asked, ids),
        "ids": ids or [],
        "is_all": ids is None,
        "query": asked.query(),
        "back": asked.url(asked.query()),
        "once": request.POST.get(FIELD) or secrets.token_urlsafe(16),
        "runs_later": total > AT_ONCE,
    }
    return render(request, "lists/bulk.html", context, status=status)


def _sample(asked: Asked, ids: list[int] | None) -> list[str]:
    """The first names, so that a slip of the hand is seen before and not after."""
    if ids is None:
        return []
    return [str(record) for record in asked.spec.model._base_manager.filter(pk__in=ids[:8]).order_by("pk")]


def _run(
    request: HttpRequest, asked: Asked, action: BulkAction, ids: list[int] | None, values: dict[str, Any]
) -> HttpResponse:
    total = _total(asked, ids)
    made: list[Batch] = []

    def make() -> str:
        batch = start_bulk(asked, action, ids, values, total=total)
        made.append(batch)
        if total > AT_ONCE:
            run_bulk_batch.delay_on_commit(batch.pk)
        return reverse("lists:batch", args=[asked.spec.name, batch.pk])

    url, is_new = make_once(request, request.POST.get(FIELD) or secrets.token_urlsafe(16), make)
    if not is_new or total > AT_ONCE:
        return redirect(url)
    run_bulk(made[0])
    made[0].refresh_from_db()
    if made[0].counts.get("refused"):
        return redirect(url)
    _tell(request, asked, made[0])
    return redirect(asked.url(asked.query()))


def _tell(request: HttpRequest, asked: Asked, batch: Batch) -> None:
    done = batch.counts.get("done", 0)
    text = ngettext("%(count)d row changed.", "%(count)d rows changed.", done) % {"count": done}
    if may_undo(request.user, batch):
        toast_with_undo(request, text, reverse("lists:undo", args=[asked.spec.name, batch.pk]))
    else:
        messages.success(request, text)


@require_safe
def batch(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """How far a batch is, and what it did; the fragment that asks again each second is the same view."""
    asked = asked_for(request, name)
    found = _own_batch(request, name, pk)
    refused = [(number, reason) for number, reason in found.params.get("refused", [])]
    names = asked.spec.model.objects.visible_to(request.user).in_bulk([number for number, _reason in refused])
    context = {
        "spec": asked.spec,
        "batch": found,
        "done": found.counts.get("done", 0),
        "refused": [(names.get(number, f"#{number}"), reason) for number, reason in refused],
        "refused_count": found.counts.get("refused", 0),
        "seen": found.counts.get("seen", 0),
        "total": found.params.get("total", 0),
        "is_running": found.state == Batch.State.RUNNING,
        "may_undo": found.state in (Batch.State.DONE, Batch.State.STOPPED) and may_undo(request.user, found),
        "progress_url": reverse("lists:batch", args=[name, pk]),
        "file": file_of(found, name),
        "back": asked.spec.url,
    }
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "lists/_progress.html" if is_fragment else "lists/batch.html", context)


@require_POST
def undo(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    asked = asked_for(request, name)
    found = _own_batch(request, name, pk)
    if not may_undo(request.user, found):
        raise Http404
    result = undo_batch(found, by=request.user)
    text = ngettext("%(count)d row is as before.", "%(count)d rows are as before.", result.restored)
    messages.success(request, text % {"count": result.restored})
    if result.left:
        text = ngettext(
            "%(count)d row was changed since and stays.", "%(count)d rows were changed since and stay.",
            len(result.left),
        )  # fmt: skip
        messages.warning(request, text % {"count": len(result.left)})
    return redirect(asked.spec.url)


def _own_batch(request: HttpRequest, name: str, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.filter(by=request.user, params__list=name), pk=pk)
