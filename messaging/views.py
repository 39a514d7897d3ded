"""A person's own notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging.models import Notice
from messaging.notices import mark_read, notice_kinds, unread_count

PAGE, LATEST = 50, 6


@dataclass(frozen=True)
class Line:
    """One notice as the template prints it."""

    pk: int
    icon: str
    text: str
    at: object
    is_read: bool


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.for_person(request.user)
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows[: PAGE + 1])
    context = {
        "lines": _lines(found[:PAGE]),
        "older_url": f"{reverse('messaging:notices')}?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "newer_url": reverse("messaging:notices") if before else "",
        "unread": unread_count(request.user),
    }
    return render(request, "messaging/list.html", context)


@require_safe
@never_cache
def bell(request: HttpRequest) -> HttpResponse:
    """The bell's number, asked for now and then by an open page."""
    return render(request, "messaging/_bell_number.html", {"unread": unread_count(request.user)})


@require_safe
@never_cache
def latest(request: HttpRequest) -> HttpResponse:
    """What the bell shows when it is opened."""
    rows = Notice.objects.for_person(request.user)[:LATEST]
    return render(request, "messaging/_latest.html", {"lines": _lines(rows), "unread": unread_count(request.user)})


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it read and goes where it leads."""
    notice = get_object_or_404(Notice.objects.for_person(request.user), pk=pk)
    mark_read(Notice.objects.for_person(request.user).filter(pk=pk), by=request.user)
    kind = notice_kinds.get(notice.kind)
    return redirect((kind and kind.url(notice)) or "messaging:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(Notice.objects.for_person(request.user), by=request.user)
    return redirect("messaging:notices")


def _lines(rows: Iterable[Any]) -> list[Line]:
    """A notice whose room is gone is left out."""
    known = [(notice, notice_kinds.get(notice.kind)) for notice in rows]
    return [Line(n.pk, kind.icon, str(kind.text(n)), n.at, n.read_at is not None) for n, kind in known if kind]
