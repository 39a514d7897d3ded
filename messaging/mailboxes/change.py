"""What is done with mailboxes, each with an event that names who. Whoever set one up last is whom it acts for."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from messaging.models import InboundMail, Mailbox
from records.log import log_event
from records.models import Event
from records.refusals import Refused

# Another folder numbers its messages in its own way; an earlier day lies below the number that was reached.
_WHERE = {"host", "port", "user", "folder", "since"}


@transaction.atomic
def create_mailbox(values: dict[str, Any], *, by: Any) -> Mailbox:
    mailbox = Mailbox.objects.create(**values, author=by)
    log_event("create", mailbox, by=by)
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
    """``how``: against whom it is judged, as ``edit`` takes it (opened, version)."""
    event = mailbox.edit(values, by=by, **how)
    if event is None:
        return None
    stamps: dict[str, Any] = {"author": by}
    if _WHERE & set(event.facts["fields"]):
        stamps |= {"uid_validity": None, "last_uid": 0, "problem": "", "problem_detail": "", "polled_at": None}
    for name, value in stamps.items():
        setattr(mailbox, name, value)
    mailbox.save(update_fields=list(stamps))
    return event


@transaction.atomic
def delete_mailbox(mailbox: Mailbox, *, by: Any) -> None:
    """Only what never received anything; messages name their mailbox."""
    mailbox.lock()
    if InboundMail.objects.filter(mailbox=mailbox).exists():
        raise Refused(_("Messages came to this mailbox. Switch it off instead."), reason="in_use")
    log_event("delete", mailbox, by=by)
    mailbox.delete()
