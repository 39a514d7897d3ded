"""The choice lists on pages: all lists, one list, one entry."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.forms.reorder import wanted_order
from crm.hub import crumb
from records.dictionary import TITLES
from records.edit_dictionary import add_entry, change_entry, order_entries
from records.field_history import field_history
from records.models import DictionaryEntry
from records.settings.forms import EntryForm, NewEntryForm


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    _require(request)
    entries = DictionaryEntry.objects.order_by().values_list("list")
    offered = dict(entries.annotate(number=Count("pk", filter=Q(is_active=True))))
    rows = [(code, title, offered.get(code, 0)) for code, title in TITLES.items()]
    return render(request, "records/settings/dictionary.html", {"rows": rows, "crumbs": [crumb()]})


@require_safe
def one_list(request: HttpRequest, of: str) -> HttpResponse:
    title = _reached(request, of)
    entries = list(_entries(of))
    context = {
        "of": of,
        "title": title,
        "entries": entries,
        "seen": ",".join(str(entry.pk) for entry in entries),
        "crumbs": _crumbs(),
    }
    return render(request, "records/settings/dictionary_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, of: str) -> HttpResponse:
    title, url = _reached(request, of), reverse("records:dictionary_list", args=[of])

    def create(form: NewEntryForm) -> DictionaryEntry:
        return add_entry(of, by=form.user, **form.cleaned_data)

    return create_view(
        request, NewEntryForm, create, title=_("New choice"), template="records/settings/entry.html",
        cancel_url=url, success_url=lambda _entry: url, extra={"crumbs": [*_crumbs(), (title, url)], "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    title, url = _reached(request, of), reverse("records:dictionary_list", args=[of])
    entry = get_object_or_404(DictionaryEntry, list=of, pk=pk)

    def save(form: EntryForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change_entry(_stored(pk), values, by=form.user, opened=opened)

    changes = [change.as_row() for change in field_history(entry, 10)]
    return edit_view(
        request, entry, EntryForm, title=entry.label, template="records/settings/entry.html", success_url=url,
        save=save, extra={"crumbs": [*_crumbs(), (title, url)], "changes": changes},
    )  # fmt: skip


@require_POST
def order(request: HttpRequest, of: str) -> HttpResponse:
    _reached(request, of)
    wanted = wanted_order(request.POST, [entry.pk for entry in _entries(of)])
    order_entries(of, wanted, by=request.user)
    messages.success(request, _("The order is saved."))
    return redirect("records:dictionary_list", of)


def _entries(of: str) -> Any:
    return DictionaryEntry.objects.filter(list=of).order_by("order", "name", "id")


def _stored(pk: int) -> DictionaryEntry:
    return DictionaryEntry.objects.get(pk=pk)


def _reached(request: HttpRequest, of: str) -> Any:
    _require(request)
    if of not in TITLES:
        raise Http404
    return TITLES[of]


def _require(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "dictionary")


def _crumbs() -> list[tuple[Any, str]]:
    return [crumb(), (_("Choice lists"), reverse("records:dictionary"))]
