"""One view per verb of an opportunity. From the board they answer where its card stands now (``board`` is posted)."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import User
from crm.forms.refusals import page_before
from crm.toasts import toast_with_undo
from records.dictionary import entry_by_code
from records.refusals import Refused
from sales.models import Opportunity, Stage
from sales.views.board import reconciled


@require_safe
def card_menu(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be done with a card: the inside of its menu."""
    opportunity = reached(request, pk)
    context = {
        "opportunity": opportunity,
        "stages": opportunity.pipeline.stages.offered(),
        "may_change": access.covers(request.user, opportunity, "change"),
        "board": request.GET.get("board", ""),
    }
    return render(request, "sales/_card_menu.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    stage = get_object_or_404(Stage, pk=_number(request, "stage"))
    try:
        opportunity.move(stage, by=request.user, seen=_number(request, "seen"))
    except Refused as refusal:
        return _answer(request, opportunity, refusal)
    if "drag" not in request.POST:
        messages.success(
            request, _("“%(name)s” moved to “%(stage)s”.") % {"name": opportunity.name, "stage": stage.label}
        )
    return _answer(request, opportunity)


@require_POST
def win(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    try:
        opportunity.win(by=request.user)
    except Refused as refusal:
        return _answer(request, opportunity, refusal)
    undo = reverse("sales:opportunity_reopen", args=[pk])
    toast_with_undo(request, _("“%(name)s” is won.") % {"name": opportunity.name}, undo)
    return _answer(request, opportunity)


@require_POST
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    reason = entry_by_code("opportunity_lost_reason", request.POST.get("reason", ""))
    try:
        if reason is None:
            raise Refused(_("Choose a reason."), reason="reason_missing")
        note, competitor = request.POST.get("note", "")[:500], request.POST.get("competitor", "")[:200]
        opportunity.lose(reason, by=request.user, note=note, competitor=competitor)
    except Refused as refusal:
        return _answer(request, opportunity, refusal)
    undo = reverse("sales:opportunity_reopen", args=[pk])
    toast_with_undo(request, _("“%(name)s” is marked as lost.") % {"name": opportunity.name}, undo)
    return _answer(request, opportunity)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "change")
    try:
        opportunity.reopen(by=request.user)
    except Refused as refusal:
        return _answer(request, opportunity, refusal)
    messages.success(request, _("“%(name)s” is open again.") % {"name": opportunity.name})
    return _answer(request, opportunity)


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "assign")
    owner = get_object_or_404(active_people(), pk=_number(request, "owner"))
    opportunity.assign(owner, by=request.user)
    messages.success(request, _("%(owner)s owns “%(name)s” now.") % {"owner": owner, "name": opportunity.name})
    still_mine = Opportunity.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("sales:opportunity_detail", pk) if still_mine else redirect("sales:opportunity_list")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    opportunity = reached(request, pk, "delete")
    try:
        opportunity.trash(by=request.user)
    except Refused as refusal:
        return _answer(request, opportunity, refusal)
    undo = reverse("sales:opportunity_restore", args=[pk])
    toast_with_undo(request, _("“%(name)s” is in the trash.") % {"name": opportunity.name}, undo)
    return redirect("sales:opportunity_list")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Opportunity.objects.filter(access.as_q(request.user, Opportunity, "delete"))  # unscoped: as_q, in the trash
    opportunity = get_object_or_404(rows, pk=pk)
    opportunity.restore(by=request.user)
    messages.success(request, _("“%(name)s” is back.") % {"name": opportunity.name})
    return redirect("sales:opportunity_detail", pk)


def reached(request: HttpRequest, pk: int, action: str = "view") -> Opportunity:
    """The opportunity within reach (404 otherwise), on which the person may do ``action`` (403 otherwise)."""
    rows = Opportunity.objects.visible_to(request.user)
    opportunity = get_object_or_404(rows.select_related("customer", "contact", "stage", "pipeline", "owner"), pk=pk)
    access.require(request.user, action, opportunity)
    return opportunity


def active_people() -> QuerySet[User]:
    """To whom an opportunity can be given; names of active users are for everybody."""
    return User.objects.active().order_by("name", "id")  # unscoped: names are for everybody


def _answer(request: HttpRequest, opportunity: Opportunity, refusal: Refused | None = None) -> HttpResponse:
    if request.htmx and "board" in request.POST:  # type: ignore[attr-defined]
        return reconciled(request, opportunity.pk, refusal=refusal)
    if refusal is not None:
        raise refusal
    here = reverse("sales:opportunity_detail", args=[opportunity.pk])
    return redirect(page_before(request, otherwise=here))


def _number(request: HttpRequest, name: str) -> int | None:
    text: Any = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
