"""One screen: whom, the plan, what would happen; then one batch."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from crm.forms.once import FIELD, make_once
from records import batches
from records.handover.forms import WAYS, LeaverForm, PlanForm
from records.handover.kinds import VERB
from records.handover.plan import ONE
from records.handover.preview import holdings, preview
from records.handover.run import AT_ONCE, run_handover, start_handover
from records.handover.tasks import hand_over
from records.handover.who import leavers, may_hand_over
from records.models import Batch


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Whom: leads on to her screen."""
    _require(request)
    form = LeaverForm(request.GET or None, user=request.user)
    if form.is_bound and form.is_valid():
        return redirect("records:handover", form.cleaned_data["who"].pk)
    return render(request, "records/handover/choose.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What she holds, the plan, and, once the plan is asked about, what would happen."""
    leaver = _leaver(request, pk)
    way = _way(request.GET.get("way", ""))
    form = PlanForm(request.GET if "look" in request.GET else None, user=request.user, leaver=leaver, way=way)
    context: dict[str, Any] = {
        "leaver": leaver, "form": form, "way": way, "tabs": _tabs(pk, way), "holdings": holdings(leaver, request.user),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        context |= {
            "preview": preview(leaver, form.plan(), by=request.user), "asked": _pairs(request),
            "once": secrets.token_urlsafe(16), "deactivates": form.deactivates(),
        }  # fmt: skip
    return render(request, "records/handover/plan.html", context, status=422 if form.errors else 200)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    leaver = _leaver(request, pk)
    form = PlanForm(request.POST, user=request.user, leaver=leaver, way=_way(request.POST.get("way", "")))
    if not form.is_valid():
        return redirect(f"{reverse('records:handover', args=[pk])}?{_asked(request)}")
    made: list[Batch] = []

    def make() -> str:
        batch = start_handover(leaver, form.plan(), by=request.user, deactivates=form.deactivates())
        made.append(batch)
        if batch.params["total"] > AT_ONCE:
            hand_over.delay_on_commit(batch.pk)
        return reverse("records:batch", args=[batch.pk])

    url, is_new = make_once(request, request.POST.get(FIELD) or secrets.token_urlsafe(16), make)
    if is_new and made[0].params["total"] <= AT_ONCE:
        run_handover(made[0])
    return redirect(url)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment of the batch's page that asks again each second."""
    batch = get_object_or_404(batches.batches_of(request.user).filter(verb=VERB), pk=pk)
    return render(request, "records/handover/_progress.html", {"batch": batch, "reload": True})


def _require(request: HttpRequest) -> None:
    if not may_hand_over(request.user):
        raise PermissionDenied(_("You may not do this."))


def _leaver(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(leavers(request.user), pk=pk)


def _way(text: str) -> str:
    return text if text in WAYS else ONE


def _tabs(pk: int, way: str) -> list[dict[str, Any]]:
    url = reverse("records:handover", args=[pk])
    return [{"label": label, "url": f"{url}?way={code}", "current": code == way} for code, label in WAYS.items()]


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values if name != "look"]


def _asked(request: HttpRequest) -> str:
    """The plan as it stands in the address, without what is of this post only."""
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    for name in ("csrfmiddlewaretoken", FIELD):
        asked.pop(name, None)
    asked["look"] = "1"
    return asked.urlencode()
