"""What a person does with a message in the tray. The caller has seen to it that she reaches both sides."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.inbound.handle import settle
from messaging.inbound.takers import maker, takers, today_of
from messaging.inbound.tell import tell_owner
from messaging.models import InboundMail
from messaging.states import MailState, Why
from records.kinds import kinds
from records.models import Event
from records.moves import move, refuse
from records.refusals import Refused


@transaction.atomic
def join(mail: InboundMail, record: Any, *, by: Any) -> Any:
    """The message is of this record. A second click finds it joined and changes nothing; returns where it is."""
    mail.lock()
    if mail.is_settled:
        return _same(mail, record)
    if record.is_deleted:
        raise Refused(_("This is in the trash. Restore it first."), reason="deleted")
    takers[record.kind].join(mail, record, by=by)
    settle(mail, record, by=by, handled_by=by, handled_at=timezone.now())
    tell_owner(mail, record.owner_id, by=by)
    return record


@transaction.atomic
def make_lead(mail: InboundMail, *, by: Any) -> Any:
    """A new record of the message; a second click leads to the one that the first made."""
    mail.lock()
    taker = maker()
    if mail.is_settled:
        return taken_by(mail)
    if taker is None or taker.make is None or not mail.from_address:
        raise Refused(_("This message names no sender: nothing can be made of it."), reason="no_sender")
    record = taker.make(mail, by=by)
    settle(mail, record, by=by, handled_by=by, handled_at=timezone.now())
    return record


def dismiss(mail: InboundMail, *, by: Any) -> Event | None:
    """Nothing is to be done about it. It is kept, and can be taken up again. None on the second click."""
    with transaction.atomic():
        mail.lock()
        if mail.state == MailState.DISMISSED:
            return None
        return move(mail, "dismiss", by=by, handled_by=by, handled_at=timezone.now())


def take_up(mail: InboundMail, *, by: Any) -> Event | None:
    """Back into the tray. None on the second click."""
    with transaction.atomic():
        mail.lock()
        if mail.state == MailState.WAITING:
            return None
        return move(mail, "take_up", by=by, why=Why.TAKEN_UP, handled_by=None, handled_at=None)


def taken_by(mail: InboundMail) -> Any:
    """The record that the message was joined to, as it is numbered today; None when it is gone for good."""
    if not mail.taken_id:
        return None
    (kind, pk), *_rest = today_of([(mail.taken_kind, mail.taken_id)])
    return kinds[kind].model._base_manager.filter(pk=pk).first()


def _same(mail: InboundMail, record: Any) -> Any:
    held = taken_by(mail)
    if held is None or (held.kind, held.pk) != (record.kind, record.pk):
        refuse(mail, "join")
    return held
