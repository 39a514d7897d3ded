"""What opens on demand beside a list: the filter form, the exact count, the choice of columns."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from crm.lists.asked import Asked
from crm.lists.count import count_exactly
from crm.lists.filter_form import filter_fields
from crm.lists.own_state import choose_columns
from crm.lists.respond import urls_of
from crm.lists.spec import ListSpec, lists


def asked_for(request: HttpRequest, name: str, data: QueryDict | None = None) -> Asked:
    """The list of this name as the request asks for it; 404 without one, 403 without the right to see it."""
    spec: ListSpec | None = lists.get(name)
    if spec is None:
        raise Http404
    access.require(request.user, "view", spec.rights)
    return Asked(spec, request.GET if data is None else data, request.user)


def answer(request: HttpRequest, part: str, asked: Asked, **extra: Any) -> HttpResponse:
    """The panel as a fragment below the list's tools, or on a page of its own."""
    query = asked.query()
    context = {"spec": asked.spec, "asked": asked, "query": query, "urls": urls_of(asked.spec, query), **extra}
    context["back"] = asked.url(query)
    context["panel"] = f"lists/_{part}.html"
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, context["panel"] if is_fragment else "lists/panel.html", context)


@require_safe
def filters(request: HttpRequest, name: str) -> HttpResponse:
    asked = asked_for(request, name)
    if asked.spec.filterset is None:
        raise Http404
    kept = QueryDict(asked.query())
    hidden = [(key, value) for key in kept if key in ("q", "sort", "view") for value in kept.getlist(key)]
    return answer(request, "filters", asked, fields=filter_fields(asked), hidden=hidden)


@require_safe
def count(request: HttpRequest, name: str) -> HttpResponse:
    asked = asked_for(request, name)
    return answer(request, "count", asked, number=asked.formats.number(count_exactly(asked.branches)))


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, name: str) -> HttpResponse:
    asked = asked_for(request, name)
    if request.method == "POST":
        names = [] if "reset" in request.POST else _in_order(request.POST)
        choose_columns(asked.spec, names, by=request.user)
        return redirect(asked.url(asked.query()))
    shown = [column.name for column in asked.columns]
    offered = sorted(asked.allowed_columns, key=lambda column: _place(shown, column.name))
    return answer(request, "columns", asked, offered=[(column, column.name in shown) for column in offered])


def _in_order(data: QueryDict) -> list[str]:
    """The ticked columns, by the numbers beside them where somebody typed some."""
    names = data.getlist("columns")

    def place(name: str) -> int:
        text = data.get(f"place_{name}", "")
        return int(text) if text.isdecimal() and len(text) < 4 else 999

    return sorted(names, key=place)


def _place(shown: list[str], name: str) -> int:
    return shown.index(name) if name in shown else len(shown)
