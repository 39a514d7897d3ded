from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access
from sales.board_page import BoardPage


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "view", "opportunity")
    page = BoardPage(request.user, request.GET)
    context = {
        "page": page,
        "may_create": access.allows(request.user, "create", "opportunity"),
        "reasons": lost_reasons() if page.may_change else [],
        **page.full(),
    }
    return render(request, "sales/board.html", context)


@require_safe
def sums(request: HttpRequest) -> HttpResponse:
    """The exact figures of columns that hold more than the page counts: the board fetches them when it is there."""
    access.require(request.user, "view", "opportunity")
    page = BoardPage(request.user, request.GET)
    return render(request, "sales/_board_sums.html", {"page": page, **page.heads()})


@require_safe
def column(request: HttpRequest) -> HttpResponse:
    """Further cards of one column: a fragment that takes the place of its “more” button."""
    access.require(request.user, "view", "opportunity")
    page = BoardPage(request.user, request.GET)
    stages = page.board.stages if page.board else []
    stage = next((stage for stage in stages if str(stage.pk) == request.GET.get("stage")), None)
    if stage is None:
        raise Http404
    context = {"page": page, "column": page.further(stage, request.GET.get("at", ""))}
    return render(request, "sales/_board_cards.html", context)


def reconciled(request: HttpRequest, pk: int, *, refusal: Any = None) -> HttpResponse:
    """Where a card stands after a verb, whatever came of it: the fragment that the board swaps in by ids."""
    page = BoardPage(request.user, QueryDict(request.POST.get("board", "")))
    if refusal is not None:
        messages.error(request, str(refusal))
    stage, card = page.card(pk) or (None, None)
    context = {"page": page, "pk": pk, "stage": stage, "card": card, **page.heads()}
    return render(request, "sales/_board_moved.html", context, status=409 if refusal is not None else 200)


def lost_reasons() -> list[tuple[str, str]]:
    from records.dictionary import entries

    return [(entry.code, entry.label) for entry in entries("opportunity_lost_reason")]
