"""The tray: `/mail/`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db import models
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm import normalise
from crm.formats import Formats
from crm.lists.cells import Badge, Cell, Link, Moment, Row, Show, Text
from crm.lists.filter_fields import ChoicesFilter, DaysFilter
from crm.lists.filters import ListFilters
from crm.lists.spec import BulkAction, Column, ListSpec, Sort, View, lists
from messaging.inbound.dismiss_many import VERB, dismiss_portion
from messaging.models import Mailbox
from messaging.states import MailState, Why

STATE_TONES = {"waiting": "warn", "joined": "good", "received": "info"}


@dataclass(frozen=True)
class Sender(Cell):
    """The name, else the address."""

    def sources(self, path: str) -> tuple[str, ...]:
        return ("from_name", "from_address")

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: row["from_name"] or row["from_address"]

    def show(self, path: str, formats: Formats) -> Show:
        plain = self.plain(path, formats)
        return lambda row: escape(plain(row))


@dataclass(frozen=True)
class Because(Cell):
    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        words = {code: capfirst(str(label)) for code, label in Why.choices}
        return lambda row: words.get(row[path], "")

    def show(self, path: str, formats: Formats) -> Show:
        plain = self.plain(path, formats)
        return lambda row: escape(plain(row))


@dataclass(frozen=True)
class Subject(Link):
    def show(self, path: str, formats: Formats) -> Show:
        link, nothing = super().show(path, formats), str(_("(no subject)"))
        return lambda row: link({**row, path: row[path] or nothing})


class MailFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=MailState.choices)
    why = ChoicesFilter(label=_("Because"), choices=Why.choices)
    mailbox = django_filters.ModelChoiceFilter(
        label=_("Mailbox"), queryset=Mailbox.objects.all()
    )  # our own addresses, which stand on our website
    received_at = DaysFilter(label=_("Received"))


def by_heading(words: str, _user: Any) -> Callable[[models.QuerySet], models.QuerySet]:
    """Each word somewhere in name, address or subject; the trigram index answers."""
    folded = normalise.fold(words).split()[:8]

    def narrow(rows: models.QuerySet) -> models.QuerySet:
        for word in folded:
            rows = rows.filter(heading__contains=word)
        return rows if folded else rows.none()

    return narrow


mail_list = lists.add(
    "mail",
    ListSpec(
        name="mail",
        kind="mail",
        url_name="messaging:tray",
        title=_("Incoming mail"),
        icon="inbox",
        columns=(
            Column("subject", _("Subject"), Subject("messaging:mail")),
            Column("sender", _("From"), Sender()),
            Column("received_at", _("Received"), Moment(), sort="received"),
            Column("state", _("State"), Badge(MailState, STATE_TONES)),
            Column("why", _("Because"), Because()),
            Column("from_address", _("Address"), Text(), default=False),
            Column("mailbox", _("Mailbox"), Text(), source="mailbox__address", default=False),
            Column("team", _("Team"), Text(), source="team__name", default=False),
        ),
        sorts=(Sort("received", _("Newest first"), "received_at", descending=True),),
        filterset=MailFilters,
        search=by_heading,
        views=(
            View("waiting", _("Tray"), "state=waiting"),
            View("automatic", _("Automatic"), "state=automatic"),
            View("joined", _("Joined"), "state=joined"),
            View("dismissed", _("Dismissed"), "state=dismissed"),
        ),
        opens_with="waiting",
        actions=(BulkAction("dismiss", _("Dismiss"), "archive", "change", VERB, dismiss_portion, tone="danger"),),
        empty_title=_("No messages"),
        empty_text=_("Messages wait here that nobody could place by rule: an unknown address, an unexpected answer."),
    ),
)
