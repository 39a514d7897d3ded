"""A record shared with somebody who does not own it, and the reading that comes with an open record of hers."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from records.log import log_event
from records.models import Collaborator
from records.refusals import Refused


def collaborators_of(record: Any) -> Any:
    """Those who were invited by a person, with an open end or one that lies ahead."""
    rows = Collaborator.objects.filter(subject_kind=record.kind, subject_id=record.pk, because_kind="")
    return rows.select_related("user").order_by("user__name", "id")


@transaction.atomic
def share(record: Any, user: Any, *, by: Any, can_write: bool = False, until: datetime | None = None) -> Collaborator:
    """Lets a person read or write a record; again for the same person changes what she may."""
    record.lock()
    if not user.is_active:
        raise Refused(_("%(name)s is not active.") % {"name": user}, reason="inactive")
    if getattr(record, "owner_id", None) == user.pk:
        raise Refused(_("%(name)s is the owner.") % {"name": user}, reason="owner")
    if until is not None and until <= timezone.now():
        raise Refused(_("The end lies in the past."), reason="past")
    row, _created = Collaborator.objects.update_or_create(
        user=user, subject_kind=record.kind, subject_id=record.pk, because_kind="", because_id=None,
        defaults={"can_write": can_write, "until": until, "added_by": by},
    )  # fmt: skip
    log_event("share", record, by=by, facts={"user": user.pk, "can_write": can_write})
    return row


@transaction.atomic
def unshare(record: Any, collaborator_id: int, *, by: Any) -> None:
    record.lock()
    row = Collaborator.objects.filter(subject_kind=record.kind, subject_id=record.pk, pk=collaborator_id).first()
    if row is None:
        raise Refused(_("This person does not collaborate here any more."), reason="gone")
    log_event("unshare", record, by=by, facts={"user": row.user_id})
    row.delete()


def colleague(text: str) -> User:
    """An active person by user name or name; both are known to everybody who is signed in (PRODUCT §1)."""
    text = text.strip()
    found = list(User.objects.active().filter(Q(username__iexact=text) | Q(name__iexact=text))[:2])
    if len(found) != 1:
        raise Refused(_("There is no colleague “%(name)s”.") % {"name": text}, reason="unknown")
    return found[0]


def share_because(parent: Any, user: Any, because: Any, *, by: Any) -> None:
    """Whoever is given a record without reaching its customer reads the customer as long as the record is open."""
    if user is None or parent is None or access.covers(user, parent):
        return
    Collaborator.objects.get_or_create(
        user=user, subject_kind=parent.kind, subject_id=parent.pk, because_kind=because.kind, because_id=because.pk,
        defaults={"added_by": by},
    )  # fmt: skip


def end_because(because: Any) -> None:
    """The record is closed or went to another person: what was shared for its sake ends."""
    Collaborator.objects.filter(because_kind=because.kind, because_id=because.pk).delete()
