"""Creating a record: a form posted twice makes one."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.forms.once import FIELD, made_before, make_once
from crm.forms.record_form import RecordForm
from records.kinds import kinds
from records.refusals import Refused


def create_view(
    request: HttpRequest,
    form_class: type[RecordForm],
    create: Callable[[RecordForm], Any],
    *,
    title: Any = "",
    template: str = "forms/form.html",
    cancel_url: str = "",
    success_url: Callable[[Any], str] | None = None,
    extra: dict[str, Any] | None = None,
    form_arguments: dict[str, Any] | None = None,
) -> HttpResponse:
    """Shows the form and creates. The view has required the right; ``create(form)`` calls the one verb.

    The form carries a key. Its first post creates; every further one with the same key (a double click, the back
    button, a resent request) leads to the record that the first one made.
    """
    form = form_class(request.POST or None, request.FILES or None, user=request.user, **(form_arguments or {}))
    context = {"title": title, "cancel_url": cancel_url, **(extra or {}), "opened": "", "conflict": None}
    if request.method != "POST":
        return render(request, template, {**context, "form": form, "once": secrets.token_urlsafe(16)})
    once = request.POST.get(FIELD, "") or secrets.token_urlsafe(16)
    if made := made_before(request, once):
        return redirect(made)
    if form.is_valid() and (url := _create_once(request, form, create, once, success_url)):
        return redirect(url)
    return render(request, template, {**context, "form": form, "once": once}, status=422)


def _create_once(
    request: HttpRequest, form: RecordForm, create: Callable[[RecordForm], Any], once: str, success_url: Any
) -> str:
    """The address of the new record, or of the one that the other click made; "" with the reason in the form."""

    def make() -> str:
        record = create(form)
        return success_url(record) if success_url else kinds[record.kind].url_of(record)

    try:
        url, is_new = make_once(request, once, make)
    except IntegrityError as error:
        form.refuse_by_constraint(error)
        return ""
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return ""
    if is_new:
        messages.success(request, _("Created."))
    return url
