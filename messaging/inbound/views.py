"""The page of an incoming message, and what a person does with it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from messaging.inbound import by_hand
from messaging.inbound.forms import JoinForm
from messaging.inbound.lists import STATE_TONES
from messaging.inbound.suggest import suggestions
from messaging.inbound.takers import maker, takers
from messaging.models import InboundMail
from messaging.states import MailState
from records.files import files_of, response
from records.kinds import kinds
from records.refusals import Refused


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _reached(request, pk), JoinForm(user=request.user))


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """To a suggested record (``kind`` and ``record``), or to the one that was chosen in the form."""
    found = _to_change(request, pk)
    record: Any
    if "kind" in request.POST:
        record = _suggested(request)
    else:
        form = JoinForm(request.POST, user=request.user)
        if not form.is_valid():
            return _page(request, found, form, status=422)
        record = form.record()
    access.require(request.user, takers[record.kind].right, record)
    by_hand.join(found, record, by=request.user)
    messages.success(request, _("The message is joined to “%(name)s”.") % {"name": record})
    return redirect(_next(request))


@require_POST
def make_lead(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    taker = maker()
    if taker is not None:
        access.require(request.user, "create", taker.kind)
    record = by_hand.make_lead(found, by=request.user)
    if record is None or not access.covers(request.user, record):
        messages.success(request, _("The lead is made; the rules give it to somebody."))
        return redirect(_next(request))
    messages.success(request, _("The lead is made."))
    return redirect(kinds[record.kind].url_of(record))


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    by_hand.dismiss(_to_change(request, pk), by=request.user)
    messages.success(request, _("Dismissed. It is kept among the dismissed messages."))
    return redirect(_next(request))


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    by_hand.take_up(_to_change(request, pk), by=request.user)
    messages.success(request, _("The message waits in the tray again."))
    return redirect("messaging:mail", pk)


@require_safe
def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return response(get_object_or_404(files_of(_reached(request, pk)), pk=file))


def _page(request: HttpRequest, found: InboundMail, form: JoinForm, *, status: int = 200) -> HttpResponse:
    may = access.covers(request.user, found, "change")
    record = by_hand.taken_by(found)
    is_open = may and not found.is_settled
    maker_ = maker()
    may_make = bool(maker_) and access.allows(request.user, "create", maker_.kind)  # type: ignore[union-attr]
    context = {
        "mail": found,
        "form": form,
        "tone": STATE_TONES.get(found.state, "neutral"),
        "is_open": is_open,
        "suggestions": suggestions(found, request.user) if is_open else [],
        "may_make": is_open and may_make and bool(found.from_address),
        "may_dismiss": is_open and found.state in (MailState.WAITING, MailState.AUTOMATIC),
        "may_take_up": is_open and found.state in (MailState.DISMISSED, MailState.AUTOMATIC),
        "files": files_of(found),
        "record": record,
        "record_url": kinds[record.kind].url_of(record) if record and access.covers(request.user, record) else "",
        "crumbs": [(_("Incoming mail"), reverse("messaging:tray"))],
    }
    return render(request, "messaging/mail/page.html", context, status=status)


def _reached(request: HttpRequest, pk: int) -> InboundMail:
    rows = InboundMail.objects.visible_to(request.user).select_related("mailbox", "team", "handled_by")
    return get_object_or_404(rows, pk=pk)


def _to_change(request: HttpRequest, pk: int) -> InboundMail:
    found = _reached(request, pk)
    access.require(request.user, "change", found)
    return found


def _suggested(request: HttpRequest) -> Any:
    kind, number = request.POST["kind"], request.POST.get("record", "")
    if kind not in takers or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Refused(_("Choose one record."), reason="record")
    return get_object_or_404(takers[kind].rows.visible_to(request.user), pk=int(number))


def _next(request: HttpRequest) -> str:
    """The tray: whoever sorts one message sorts the next."""
    return reverse("messaging:tray")
