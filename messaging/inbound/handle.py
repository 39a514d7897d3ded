"""What becomes of a stored message by itself: joined, made a lead, laid aside, or put into the tray.

An answer is joined only when both fit: the sender's address is one of the record's, **and** it names a message of the
record that we know. One of them alone can be forged too easily; then a person decides.
"""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connection, transaction

from accounts import access
from messaging.inbound.takers import Taker, maker, records_of, referred_by, takers
from messaging.inbound.tell import tell_owner
from messaging.models import InboundMail, Mailbox, SentMail
from messaging.states import Check, MailState, Why
from records.files import files_of
from records.moves import move

log = structlog.get_logger(__name__)

PORTION = 200


def handle(mail_id: int) -> str:
    """The state of the message afterwards. Whoever comes second does nothing. Record after: may be asked twice."""
    try:
        with transaction.atomic():
            mail = InboundMail.objects.get(pk=mail_id).lock()
            if mail.state == MailState.RECEIVED:
                _decide(mail)
    except Error:  # the database: the next poll goes on
        raise
    except Exception:
        # Whatever a room did with it: it must not lie where nobody looks.
        log.exception("mail_not_handled", mail=mail_id)
        with transaction.atomic():
            mail = InboundMail.objects.get(pk=mail_id).lock()
            if mail.state == MailState.RECEIVED:
                _wait(mail, Why.FAILED)
    return mail.state


def handle_left(*, before: datetime) -> int:
    """What a killed process stored and did not decide on."""
    left = InboundMail.objects.unhandled().filter(received_at__lt=before).order_by("pk")
    ids = list(left.values_list("pk", flat=True)[:PORTION])
    for pk in ids:
        handle(pk)
    return len(ids)


def _decide(mail: InboundMail) -> None:
    if mail.why in (Why.UNREADABLE, Why.TOO_LARGE):
        return _wait(mail, mail.why, records_of(mail))
    if mail.why or _is_ours(mail):
        return _set_aside(mail, mail.why or Why.OWN)
    if not mail.from_address:
        return _wait(mail, Why.NO_SENDER)
    _one_sender_at_a_time(mail.from_address)
    return _by_sender_and_reference(mail)


def _by_sender_and_reference(mail: InboundMail) -> None:
    senders, answered = records_of(mail), referred_by(mail)
    if mail.sender_check == Check.FAIL:
        return _wait(mail, Why.CHECK_FAILED)
    if both := _both(mail, answered):
        return _join(mail, *both)
    if answered:
        return _wait(mail, Why.OTHER_SENDER, answered)
    if senders:
        return _wait(mail, Why.KNOWN_SENDER, senders)
    if mail.mailbox is None:
        return _wait(mail, Why.NO_MAILBOX)
    if not (mail.mailbox.makes_leads and mail.mailbox.is_active):
        return _wait(mail, Why.TRAY_ONLY)
    return _make(mail, mail.mailbox)


def _is_ours(mail: InboundMail) -> bool:
    """Our own message that came back to us, or one of us who writes to one of our mailboxes by its own address."""
    if mail.from_address and mail.from_address == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].casefold():
        return True
    if Mailbox.objects.of_address(mail.from_address).exists():
        return True
    return bool(mail.message_id) and SentMail.objects.filter(message_id=mail.message_id).exists()


def _one_sender_at_a_time(address: str) -> None:
    """Two first messages of one person, from two processes, make one lead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"mail from {address}"])


def _both(mail: InboundMail, answered: dict[str, list[int]]) -> tuple[Taker, Any] | None:
    """The record that the answered message belongs to, when the sender's address is one of its own."""
    for taker in takers:
        ids = taker.of_sender(mail.from_address, answered.get(taker.kind, []))
        record = taker.rows.live().filter(pk__in=ids).order_by("pk").first() if ids else None
        if record is not None:
            return taker, record
    return None


def _join(mail: InboundMail, taker: Taker, record: Any) -> None:
    author = mail.mailbox.author if mail.mailbox else None
    if author is None or not access.covers(author, record, taker.right):
        return _wait(mail, Why.AUTHOR if author else Why.NO_MAILBOX, {taker.kind: [record.pk]})
    taker.join(mail, record, by=author)
    settle(mail, record, by=author)
    tell_owner(mail, record.owner_id)
    return None


def _make(mail: InboundMail, mailbox: Mailbox) -> None:
    taker = maker()
    if taker is None or taker.make is None:
        return _wait(mail, Why.TRAY_ONLY)
    if not access.allows(mailbox.author, "create", taker.kind):
        return _wait(mail, Why.AUTHOR)
    settle(mail, taker.make(mail, by=mailbox.author), by=mailbox.author)
    return None


def settle(mail: InboundMail, record: Any, *, by: Any, **stamps: Any) -> None:
    """The message belongs to this record now; whoever owns the record sees it."""
    facts = {"kind": record.kind, "record": record.pk}
    stamps |= {"taken_kind": record.kind, "taken_id": record.pk, "why": "", "owner_id": record.owner_id}
    stamps["team_id"] = mail.team_id or record.team_id
    move(mail, "join", by=by, facts=facts, **stamps)
    hand_over_files(mail, record)


def hand_over_files(mail: InboundMail, record: Any) -> None:
    """The files hang on the record from now on: who reaches it reaches them."""
    files_of(mail).update(subject_kind=record.kind, subject_id=record.pk, customer_id=record.customer_of_event)


def _set_aside(mail: InboundMail, why: str) -> None:
    move(mail, "set_aside", by=None, facts={"why": str(why)}, why=why)


def _wait(mail: InboundMail, why: str, likely: dict[str, list[int]] | None = None) -> None:
    """``likely``: the records that it may be of; the owner of the first finds it among her own."""
    owner, team = _owner_of(likely or {})
    # A mailbox of no team: then it is the team of whose record it seems to be.
    move(mail, "wait", by=None, facts={"why": str(why)}, why=why, owner_id=owner, team_id=mail.team_id or team)
    tell_owner(mail, owner)


def _owner_of(likely: dict[str, Iterable[int]]) -> tuple[int | None, int | None]:
    """(person, team)."""
    for taker in takers:
        rows = taker.rows.live().filter(pk__in=likely.get(taker.kind, []), owner__is_active=True).order_by("pk")
        found = rows.values_list("owner_id", "team_id").first()
        if found is not None:
            return found
    return None, None
