"""A message is stored once, whatever comes of it later: twice at once, from two processes, it is one row."""

from dataclasses import replace
from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from crm import normalise
from messaging.inbound.parse import NotAMessage, Parsed, digest_of, parse
from messaging.inbound.parts import File
from messaging.inbound.words import clean
from messaging.models import InboundMail, Mailbox
from messaging.states import How, Why
from records.files import attach
from records.log import log_event

log = structlog.get_logger(__name__)

MOST_FILES = 50


def store(
    raw: bytes, *, how: str, mailbox: Mailbox | None = None, size: int | None = None, now: datetime | None = None
) -> tuple[InboundMail, bool]:
    """(the message, whether it is new). Raises NotAMessage, or what the database raises; nothing else.

    ``size``: of the whole message where ``raw`` is its header only, because it is too large. What cannot be read is
    kept as a file, so that it neither gets lost nor stands in the way of others. Record after: may come twice.
    """
    now = now or timezone.now()
    try:
        parsed = parse(raw, only_header=size is not None)
        why = Why.TOO_LARGE if size is not None else ""
    except NotAMessage:
        raise
    except Exception as error:
        log.warning("mail_unreadable", error=type(error).__name__, size=len(raw))
        parsed, why = _unread(raw), Why.UNREADABLE
    mailbox = mailbox or _mailbox_of(parsed)
    try:
        return _insert(parsed, why, mailbox, how, size or len(raw), now)
    except Error:
        raise
    except Exception as error:  # a file that no store takes
        log.warning("mail_not_stored", error=type(error).__name__, size=len(raw))
        return _insert(_unread(raw), Why.UNREADABLE, mailbox, how, len(raw), now)


def keep_unread(raw: bytes, *, how: str, mailbox: Mailbox | None) -> tuple[InboundMail, bool]:
    """Bytes that are no message, where nobody would send them again: kept as a file, waiting for a person."""
    return _insert(_unread(raw), Why.UNREADABLE, mailbox, how, len(raw), timezone.now())


def name_only(place: str, *, how: str, mailbox: Mailbox, size: int) -> None:
    """A message that the mail server names and does not give. ``place`` says which one it is."""
    nothing = replace(_unread(place.encode()), files=[])
    mail, _is_new = _insert(nothing, Why.UNREADABLE, mailbox, how, size, timezone.now())
    log.warning("mail_not_given", mail=mail.pk, mailbox=mailbox.pk)


def _unread(raw: bytes) -> Parsed:
    return Parsed(
        message_id="", digest=digest_of(raw), references=[], from_name="", from_address="", to_line="", recipients=[],
        subject="", sent_at=None, automatic="", check="none", files=[File("message.eml", "message/rfc822", raw)],
    )  # fmt: skip


def _mailbox_of(parsed: Parsed) -> Mailbox | None:
    """The first recipient that is an address of ours."""
    known = {mailbox.address: mailbox for mailbox in Mailbox.objects.filter(address__in=parsed.recipients)}
    return next((known[address] for address in parsed.recipients if address in known), None)


def _insert(
    parsed: Parsed, why: str, mailbox: Mailbox | None, how: str, size: int, now: datetime
) -> tuple[InboundMail, bool]:
    """Two processes at once: the second waits at the row of the first, and finds it."""
    key = {"message_id": parsed.message_id, "digest": parsed.digest}
    known = InboundMail.objects.filter(**key).first()
    if known:
        return known, False
    try:
        with transaction.atomic():
            mail = InboundMail.objects.create(
                **key, why=why or parsed.automatic, mailbox=mailbox, team=mailbox.team if mailbox else None,
                references=parsed.references, from_address=parsed.from_address, from_name=parsed.from_name,
                to_line=parsed.to_line, subject=parsed.subject, text=parsed.text, is_cut=parsed.is_cut,
                heading=_heading(parsed), sender_check=parsed.check, sent_at=parsed.sent_at, received_at=now,
                created_at=now, raw_size=size, how=How(how),
            )  # fmt: skip
            log_event("receive", mail, by=None, facts={"mailbox": mailbox and mailbox.pk, "how": how})
            _keep_files(mail, parsed.files)
    except IntegrityError:
        return InboundMail.objects.get(**key), False
    return mail, True


def _heading(parsed: Parsed) -> str:
    return normalise.fold(f"{parsed.from_name} {parsed.from_address} {parsed.subject}")


def _keep_files(mail: InboundMail, files: list[File]) -> None:
    """Files of kinds that nobody may upload are named, and not kept."""
    for number, file in enumerate(files):
        try:
            if number >= MOST_FILES:
                raise ValidationError("", code="number")
            attach(mail, SimpleUploadedFile(file.name, file.data, file.type), by=None)
        except ValidationError as error:
            mail.left_out.append([clean(file.name), len(file.data), error.code or "kind"])
    if mail.left_out:
        mail.save(update_fields=["left_out"])
