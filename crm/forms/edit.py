"""Editing a record which a colleague may be editing at the same time (HOUSE §4: version)."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.forms.opened import FIELD, Opened
from crm.forms.record_form import RecordForm
from crm.forms.shown import shown_value
from records.kinds import kinds
from records.refusals import EditConflict, Refused

# save(form, values, opened): calls the one verb; ``values`` are those of EDITABLE columns, ``opened`` plain values.
Save = Callable[[RecordForm, dict[str, Any], dict[str, Any]], Any]


def edit_view(
    request: HttpRequest,
    record: Any,
    form_class: type[RecordForm],
    *,
    title: Any = "",
    template: str = "forms/form.html",
    success_url: str = "",
    cancel_url: str = "",
    save: Save | None = None,
    extra: dict[str, Any] | None = None,
    form_arguments: dict[str, Any] | None = None,
) -> HttpResponse:
    """Shows and saves the form. The view has loaded the record within reach and required the right.

    Without ``save`` the verb is ``record.edit(values, by=…, opened=…)``. Statuses: 422 with errors or a refusal in
    the form, 409 with both values side by side when a colleague changed the same fields; then nothing was saved.
    """
    url = success_url or kinds[record.kind].url_of(record)
    form = form_class(request.POST or None, request.FILES or None, instance=record, user=request.user,
                      **(form_arguments or {}))  # fmt: skip
    names = [name for name in form.fields if name in record.EDITABLE]
    page = _Page(request, template, title, cancel_url or url, extra or {})
    if request.method != "POST":
        return page.show(form, Opened.of(record, names).signed(record))
    opened = Opened.read(request.POST.get(FIELD, ""), record) or Opened.of(_stored(record), names)
    if not form.is_valid():
        return page.show(form, opened.signed(record), status=422)
    try:
        saved = (save or _edit)(form, _wanted(form, request, opened.values), opened.values)
    except EditConflict as conflict:
        again = opened.with_theirs(conflict).signed(record)
        return page.show(form, again, status=409, conflict=_shown(form, conflict))
    except IntegrityError as error:
        form.refuse_by_constraint(error)
        return page.show(form, opened.signed(record), status=422)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return page.show(form, opened.signed(record), status=422)
    messages.success(request, _("Saved.") if saved is not None else _("Nothing was changed."))
    return redirect(url)


def _edit(form: RecordForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
    return form.instance.edit(values, by=form.user, opened=opened)


def _wanted(form: RecordForm, request: HttpRequest, opened: dict[str, Any]) -> dict[str, Any]:
    """Without the fields of a conflict where the colleague's value shall stand, and without untouched moments."""
    return {
        name: value
        for name, value in form.values().items()
        if request.POST.get(f"keep_{name}") != "theirs" and not _is_same_minute(value, opened.get(name))
    }


def _is_same_minute(value: Any, opened: Any) -> bool:
    """The browser's input cuts a moment to its minute; that is no change."""
    if not isinstance(value, datetime.datetime) or not isinstance(opened, str):
        return False
    return value == datetime.datetime.fromisoformat(opened).replace(second=0, microsecond=0)


def _stored(record: Any) -> Any:
    """The form has written what was typed into its instance; the database has not."""
    return type(record)._base_manager.get(pk=record.pk)


def _shown(form: RecordForm, conflict: EditConflict) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": form.fields[name].label or name,
            "mine": shown_value(form.instance, name, mine),
            "theirs": shown_value(form.instance, name, theirs),
        }
        for name, (_opened, theirs, mine) in conflict.fields.items()
    ]
    return {"by": conflict.by, "at": None, "version": conflict.version, "fields": fields}


class _Page:
    def __init__(self, request: HttpRequest, template: str, title: Any, cancel_url: str, extra: dict[str, Any]) -> None:
        self.request, self.template = request, template
        self.context = {"title": title, "cancel_url": cancel_url, **extra}

    def show(self, form: RecordForm, opened: str, *, status: int = 200, conflict: Any = None) -> HttpResponse:
        context = {**self.context, "form": form, "opened": opened, "once": "", "conflict": conflict}
        return render(self.request, self.template, context, status=status)
