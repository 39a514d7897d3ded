"""The page of a list: one view for the whole page and for the fragment that htmx swaps."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from crm.lists.asked import EVERYTHING, Asked
from crm.lists.chips import chips_of
from crm.lists.count import CAP, CAP_OF_SEARCH, count_to
from crm.lists.spec import ListSpec
from crm.lists.table import Table, table_of

PANELS = ("filters", "count", "columns", "views", "export")


@require_safe
def respond(request: HttpRequest, spec: ListSpec, *, template: str = "lists/list.html", **extra: Any) -> HttpResponse:
    """Answers with the list, or with its fragment. ``extra`` goes into the context of ``lists/list.html``."""
    access.require(request.user, "view", spec.rights)
    asked = Asked(spec, request.GET, request.user)
    is_fragment = request.htmx and not request.htmx.boosted
    template = "lists/_list.html" if is_fragment else template
    response = render(request, template, {**context_of(asked), **extra})
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        response["HX-Push-Url"] = asked.url(asked.query(place=request.GET.get("at", "")))
    return response


def page_of(spec: ListSpec) -> Callable[[HttpRequest], HttpResponse]:
    """The view of a list that adds nothing: ``path("", page_of(customer_list), name="list")``."""

    def page(request: HttpRequest) -> HttpResponse:
        return respond(request, spec)

    return page


def context_of(asked: Asked) -> dict[str, Any]:
    table = table_of(asked)
    spec = asked.spec
    query = asked.query()
    return {
        "spec": spec,
        "asked": asked,
        "table": table,
        "chips": _chips(asked),
        "count": _count(asked, table),
        "query": query,
        "urls": urls_of(spec, query),
        "hidden": hidden_fields(asked),
        "sorts": _sorts(asked),
        "tabs": _tabs(asked),
        "actions": _actions(spec, asked.user),
        "may_export": access.allows(asked.user, "export", spec.exported_as),
        "create_url": _create_url(asked),
        "all_url": asked.url(f"view={EVERYTHING}") if asked.opens_with else spec.url,
        "is_first_use": not table.rows and not asked.filtering.is_active and asked.cursor is None,
    }


def urls_of(spec: ListSpec, query: str) -> dict[str, str]:
    """The machine's own addresses of this list, with the present filters."""
    end = f"?{query}" if query else ""
    urls = {name: reverse(f"lists:{name}", args=[spec.name]) + end for name in PANELS}
    return {**urls, "list": spec.url}


def hidden_fields(asked: Asked) -> list[tuple[str, str]]:
    """What the search box keeps of the address."""
    query = QueryDict(asked.query())
    return [(key, value) for key in query if key != "q" for value in query.getlist(key)]


def _chips(asked: Asked) -> list[dict[str, str]]:
    chips = chips_of(asked.filtering, asked.formats)
    return [
        {
            "label": chip.label,
            "value": chip.value,
            "url": asked.url(asked.query(data=chip.without)),
        }
        for chip in chips
    ]


def _actions(spec: ListSpec, user: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": action.label,
            "icon": action.icon,
            "tone": action.tone,
            "url": reverse("lists:bulk", args=[spec.name, action.name]),
        }
        for action in spec.actions_for(user)
    ]


def _count(asked: Asked, table: Table) -> dict[str, Any]:
    """``text`` "37" or "1,000+"; ``is_capped`` offers the exact figure."""
    keys = table.keys
    is_whole = not keys.has_newer and not keys.has_older
    cap = CAP_OF_SEARCH if asked.filtering.words else CAP
    number = len(keys.rows) if is_whole else count_to(asked.branches, asked.order, cap)
    is_capped = number > cap
    text = asked.formats.number(min(number, cap)) + ("+" if is_capped else "")
    return {"text": text, "number": min(number, cap), "is_capped": is_capped}


def _sorts(asked: Asked) -> list[dict[str, Any]]:
    """For the menu, which phones need: they have no column heads."""
    shown = []
    for sort in asked.spec.sorts:
        is_current = sort is asked.sort
        turned = sort.name if asked.is_turned else f"-{sort.name}"
        shown.append(
            {
                "label": sort.label,
                "url": asked.url(asked.query(sort=turned if is_current else sort.name)),
                "is_current": is_current,
                "icon": "arrow-down" if asked.order.descending else "arrow-up",
            }
        )
    return shown


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    everything = f"view={EVERYTHING}" if asked.opens_with else ""
    tabs = [{"label": _("All"), "url": asked.url(everything), "current": asked.view is None and not asked.data}]
    for view in asked.views:
        is_current = asked.view is view
        tabs.append({"label": view.label, "url": asked.url(f"view={view.key}"), "current": is_current})
    return tabs


def _create_url(asked: Asked) -> str:
    name = asked.spec.create_url_name
    return reverse(name) if name and access.allows(asked.user, "create", asked.spec.rights) else ""
