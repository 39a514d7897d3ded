"""The lines of a draft, of either kind: added and removed on its page, changed on a page of their own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from records.refusals import Refused
from sales.document_forms import AddLineForm, ChangeLineForm
from sales.document_lines import FIELDS, add_line, change_line, remove_line
from sales.views.orders import show_order
from sales.views.quotes import refuse_unless_draft, show_quote
from sales.views.reached_documents import reached_order, reached_quote

REACHED: dict[str, Callable[..., Any]] = {"quote": reached_quote, "order": reached_order}
SHOW: dict[str, Callable[..., HttpResponse]] = {"quote": show_quote, "order": show_order}


@require_POST
def add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    document = REACHED[kind](request, pk, "change")
    refuse_unless_draft(document)
    form = AddLineForm(request.POST, user=request.user, document=document)
    if form.is_valid() and _done(form, lambda: add_line(document, by=request.user, **form.values())):
        messages.success(request, _("Line added."))
        return redirect(f"sales:{kind}_detail", pk)
    return SHOW[kind](request, REACHED[kind](request, pk, "change"), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, line_pk: int, kind: str) -> HttpResponse:
    document = REACHED[kind](request, pk, "change")
    refuse_unless_draft(document)
    line = _line(document, line_pk)
    initial = {name: getattr(line, name) for name in FIELDS if name != "product"}
    form = ChangeLineForm(request.POST or None, initial=initial)
    if form.is_valid() and _done(form, lambda: change_line(line, by=request.user, **form.values())):
        messages.success(request, _("Saved."))
        return redirect(f"sales:{kind}_detail", pk)
    context = {"document": document, "form": form, "title": line.name, "back": f"sales:{kind}_detail"}
    return render(request, "sales/document_line_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, pk: int, line_pk: int, kind: str) -> HttpResponse:
    document = REACHED[kind](request, pk, "change")
    refuse_unless_draft(document)
    remove_line(_line(document, line_pk), by=request.user)
    messages.success(request, _("Line removed."))
    return redirect(f"sales:{kind}_detail", pk)


def _line(document: Any, pk: int) -> Any:
    return get_object_or_404(document.lines.select_related("product", document.kind), pk=pk)


def _done(form: Any, write: Callable[[], Any]) -> bool:
    """Whether it was written; else the reason stands in the form."""
    try:
        write()
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error(None, error.messages)
    return form.is_valid()
