"""Fetches what came into the mailboxes: the job ``messaging.poll_mail``.

Record after: a message is stored first and its number remembered then. Whoever is killed in between fetches it twice,
and it is known by its Message-ID; none is lost.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.imap.hosts import MailboxProblem
from messaging.imap.session import Folder, Overlong, session
from messaging.inbound.handle import handle, handle_left
from messaging.inbound.parse import NotAMessage
from messaging.inbound.store import keep_unread, name_only, store
from messaging.models import InboundMail, Mailbox
from messaging.states import How, Problem
from records.jobs import JobOutcome, alone

JOB = "messaging.poll_mail"
MOST_MESSAGES, MOST_BYTES = 100, 50 * 1024 * 1024  # of one mailbox in one run
LONGEST_RUN = 240.0  # seconds, for all mailboxes
SETTLED_AFTER = timedelta(minutes=1)


@dataclass
class Budget:
    """What one mailbox may still take in this run; the first message always fits."""

    until: float
    messages: int = MOST_MESSAGES
    bytes: int = MOST_BYTES
    taken: int = 0

    def allows(self, size: int) -> bool:
        if self.taken and (self.messages < 1 or self.bytes < size or time.monotonic() > self.until):
            return False
        self.taken, self.messages, self.bytes = self.taken + 1, self.messages - 1, self.bytes - size
        return True


@dataclass
class Fetched:
    new: int = 0
    left: int = 0


def poll_mail(*, now: datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    outcome, until = JobOutcome(), time.monotonic() + LONGEST_RUN
    for mailbox in Mailbox.objects.to_poll().select_related("team", "author"):
        if time.monotonic() > until:
            break
        number, line = _count(mailbox) if dry_run else _poll_alone(mailbox, until, now)
        outcome.moved += number
        outcome.lines += [f"{mailbox}: {line}"] if line else []
    if not dry_run:
        outcome.moved += handle_left(before=now - SETTLED_AFTER)
    return outcome


def check(mailbox: Mailbox) -> int:
    """How many messages lie in the folder. Raises MailboxProblem."""
    with session(mailbox) as folder:
        return folder.count


def _count(mailbox: Mailbox) -> tuple[int, str]:
    try:
        with session(mailbox) as folder:
            number = len(folder.after(_known(mailbox, folder), mailbox.since))
    except MailboxProblem as problem:
        return 0, str(problem)
    return number, ngettext("%(count)d new message", "%(count)d new messages", number) % {"count": number}


def _poll_alone(mailbox: Mailbox, until: float, now: datetime) -> tuple[int, str]:
    """One process at a time reads a mailbox."""
    with alone(f"mailbox:{mailbox.pk}") as mine:
        if not mine:
            return 0, ""
        mailbox.refresh_from_db()
        fetched, problem = Fetched(), None
        try:
            with session(mailbox) as folder:
                _fetch(mailbox, folder, Budget(until), fetched)
        except MailboxProblem as found:
            problem = found
        mailbox.polled(problem=problem.problem if problem else "", detail=problem.detail if problem else "")
    return fetched.new, str(problem) if problem else _told(fetched)


def _told(fetched: Fetched) -> str:
    if not fetched.new and not fetched.left:
        return ""
    told = ngettext("%(count)d new message", "%(count)d new messages", fetched.new) % {"count": fetched.new}
    return f"{told}, {_('more at the next run')}" if fetched.left else told


def _known(mailbox: Mailbox, folder: Folder) -> int:
    return mailbox.last_uid if mailbox.uid_validity == folder.validity else 0


def _fetch(mailbox: Mailbox, folder: Folder, budget: Budget, fetched: Fetched) -> None:
    if mailbox.uid_validity != folder.validity:
        mailbox.start_over(folder.validity)
    uids = folder.after(mailbox.last_uid, mailbox.since)
    sizes = folder.sizes(uids[:MOST_MESSAGES])
    for place, uid in enumerate(uids):
        size = sizes.get(uid, 0)
        if (uid in sizes and not budget.allows(min(size, _largest()))) or place >= MOST_MESSAGES:
            fetched.left = len(uids) - place
            return
        fetched.new += _take(mailbox, folder, uid, size)
        mailbox.remember(uid)


def _take(mailbox: Mailbox, folder: Folder, uid: int, size: int) -> bool:
    """Whether it is new. What is too large stays on the server; it is named in the tray, as is what cannot be had."""
    is_large = size > _largest()
    try:
        raw = folder.header(uid) if is_large else folder.message(uid)
    except (MailboxProblem, Overlong) as error:
        name_only(f"{mailbox.pk} {folder.validity} {uid}", mailbox=mailbox, how=How.IMAP, size=size)
        if isinstance(error, MailboxProblem):
            return True
        mailbox.remember(uid)
        raise MailboxProblem(Problem.BROKEN) from error
    if not raw:
        return False
    mail, is_new = _stored(raw, mailbox, size if is_large else None)
    if is_new:
        handle(mail.pk)
    return is_new


def _stored(raw: bytes, mailbox: Mailbox, size: int | None) -> tuple[InboundMail, bool]:
    try:
        return store(raw, how=How.IMAP, mailbox=mailbox, size=size)
    except NotAMessage:
        return keep_unread(raw, how=How.IMAP, mailbox=mailbox)


def _largest() -> int:
    return settings.MAIL_LARGEST_MB * 1024 * 1024
