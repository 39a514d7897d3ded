"""The floor of a page: a bare view with the same frame, middleware and sign-in, its rows from one indexed query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Floor:
    """``rows``: a queryset of ``values_list``; ``form(user=…)`` makes the unbound form that it shows."""

    title: str
    rows: QuerySet | None = None
    form: Callable[..., Any] | None = None


_floors: list[Floor] = []


def address_of(floor: Floor) -> str:
    """Where the bare view shows it."""
    _floors.append(floor)
    return f"/floor/{len(_floors) - 1}/"


@require_safe
def floor_page(request: HttpRequest, number: int) -> HttpResponse:
    """What anybody would write in ten minutes: no reach, no filters, no counts, no actions."""
    floor = _floors[number]
    form = floor.form(user=request.user) if floor.form is not None else None
    rows = list(floor.rows) if floor.rows is not None else []
    template = "bench/_floor.html" if request.htmx else "bench/floor.html"
    return render(request, template, {"title": floor.title, "form": form, "rows": rows})
