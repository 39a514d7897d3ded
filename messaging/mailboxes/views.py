"""The pages of mailboxes, for those who make the rules of the company."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.hub import crumb
from messaging.imap.hosts import MailboxProblem
from messaging.imap.poll import check
from messaging.mailboxes import change
from messaging.mailboxes.forms import MailboxForm
from messaging.models import Mailbox
from records.field_history import field_history

EDITOR = "messaging/mailboxes/form.html"


@require_safe
def mailboxes(request: HttpRequest) -> HttpResponse:
    _require(request)
    rows = Mailbox.objects.for_rules(request.user).select_related("team", "author")
    return render(request, "messaging/mailboxes/list.html", {"mailboxes": rows, "crumbs": [crumb()]})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    _require(request)

    def make(form: MailboxForm) -> Mailbox:
        return change.create_mailbox(form.values(), by=form.user)

    return create_view(
        request, MailboxForm, make, title=_("New mailbox"), template=EDITOR, cancel_url=_url(), success_url=_page,
        extra={"mailbox": None, "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    mailbox = _reached(request, pk)

    def save(form: MailboxForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return change.change_mailbox(_reached(request, pk), values, by=form.user, opened=opened)

    changes = [row.as_row() for row in field_history(mailbox, 10)]
    # The form writes what is typed into its own.
    shown = _reached(request, pk)
    return edit_view(
        request, mailbox, MailboxForm, title=mailbox.address, template=EDITOR, success_url=_page(mailbox),
        cancel_url=_url(), save=save, extra={"mailbox": shown, "changes": changes},
    )  # fmt: skip


@require_POST
def check_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs in and looks into the folder; nothing is fetched, so the answer is there at once."""
    mailbox = _reached(request, pk)
    try:
        number = check(mailbox)
    except MailboxProblem as problem:
        mailbox.polled(problem=problem.problem, detail=problem.detail)
        messages.error(request, f"{problem} {problem.detail}".strip())
    else:
        mailbox.polled()
        told = ngettext("%(count)d message lies there.", "%(count)d messages lie there.", number) % {"count": number}
        messages.success(request, f"{_('The connection works.')} {told}")
    return redirect(_page(mailbox))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    mailbox = _reached(request, pk)
    change.delete_mailbox(mailbox, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": mailbox})
    return redirect(_url())


def _require(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "rules")


def _reached(request: HttpRequest, pk: int) -> Mailbox:
    _require(request)
    rows = Mailbox.objects.for_rules(request.user).select_related("team", "author")
    return get_object_or_404(rows, pk=pk)


def _url() -> str:
    return reverse("messaging:mailboxes")


def _page(mailbox: Any) -> str:
    return reverse("messaging:mailbox", args=[mailbox.pk])
