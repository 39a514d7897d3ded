"""A few words of IMAP, read-only: the folder is only looked at, nothing is marked, moved or deleted there."""

import contextlib
import datetime
import imaplib
import os
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from messaging.imap.hosts import MailboxProblem, address_of
from messaging.models import Mailbox
from messaging.states import Problem, Security

TIMEOUT = 20  # seconds, for each word
LONGEST_SESSION = 600  # seconds
LONGEST_HEADER = 64 * 1024
MOST_LINES = 8 * 1024 * 1024  # bytes, of all that is no message
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIZE = re.compile(rb"(?i)\bUID (\d+)\b")
_BYTES = re.compile(rb"(?i)\bRFC822\.SIZE (\d+)\b")


class Overlong(Exception):
    """The server sends more of a message than it said, or than we asked for; the line is of no use any more."""


class _Bounded:
    """Connects to the address that was judged, and reads no more than a message may have."""

    def __init__(self, place: tuple[str, int], host: str, **how: Any) -> None:
        self._place, self._lines, self._until = place, 0, time.monotonic() + LONGEST_SESSION
        self.is_spent = False
        super().__init__(host, place[1], timeout=TIMEOUT, **how)  # type: ignore[call-arg]

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection(self._place, timeout)

    def read(self, size: int) -> bytes:
        if size > settings.MAIL_LARGEST_MB * 1024 * 1024 + LONGEST_HEADER:
            self.is_spent = True
            raise Overlong
        return super().read(size)  # type: ignore[misc]

    def readline(self) -> bytes:
        line = super().readline()  # type: ignore[misc]
        self._lines += len(line)
        if self._lines > MOST_LINES or time.monotonic() > self._until:
            self.is_spent = True
            raise imaplib.IMAP4.abort("the server does not come to an end")
        return line


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Tls(_Bounded, imaplib.IMAP4_SSL):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self.ssl_context.wrap_socket(super()._create_socket(timeout), server_hostname=self.host)


class Folder:
    """An open folder: which messages there are, how large, and what stands in them."""

    def __init__(self, imap: Any, name: str) -> None:
        self.imap = imap
        answer, data = imap.select(_quoted(name), readonly=True)
        if answer != "OK":
            raise MailboxProblem(Problem.FOLDER, _said(data))
        self.count = int(data[0] or 0)
        validity = imap.response("UIDVALIDITY")[1]
        self.validity = int(validity[0]) if validity and validity[0] else 1

    def after(self, uid: int, since: datetime.date) -> list[int]:
        """The numbers above ``uid`` of messages that arrived on that day or later, ascending."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self._ask("SEARCH", None, "UID", f"{uid + 1}:*", "SINCE", day)
        # "n:*" names the last message even when there is none above n.
        numbers = {int(word) for line in found if isinstance(line, bytes) for word in line.split()}
        return sorted(number for number in numbers if number > uid)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        lines = self._ask("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)") if uids else []
        sizes = {}
        for line in lines:
            text = line[0] if isinstance(line, tuple) else line or b""
            number, size = _SIZE.search(text), _BYTES.search(text)
            if number and size:
                sizes[int(number[1])] = int(size[1])
        return sizes

    def message(self, uid: int) -> bytes | None:
        """None when it is gone meanwhile."""
        return self._literal(uid, "BODY.PEEK[]")

    def header(self, uid: int) -> bytes | None:
        return self._literal(uid, f"BODY.PEEK[HEADER]<0.{LONGEST_HEADER}>")

    def _literal(self, uid: int, what: str) -> bytes | None:
        lines = self._ask("FETCH", str(uid), f"(UID {what})")
        return next((line[1] for line in lines if isinstance(line, tuple) and len(line) > 1), None)

    def _ask(self, *words: Any) -> list[Any]:
        answer, data = self.imap.uid(*words)
        if answer != "OK":
            raise MailboxProblem(Problem.BROKEN, _said(data))
        return list(data)


@contextmanager
def session(mailbox: Mailbox) -> Iterator[Folder]:
    """The open folder of a mailbox. Raises MailboxProblem, and nothing else of what networks do."""
    password = os.environ.get(mailbox.password_name, "")
    if not password:
        raise MailboxProblem(Problem.NO_PASSWORD, mailbox.password_name)
    try:
        imap = _connected(mailbox)
        try:
            _sign_in(imap, mailbox.user, password)
            yield Folder(imap, mailbox.folder)
        finally:
            _close(imap)
    except ssl.SSLCertVerificationError as error:
        raise MailboxProblem(Problem.CERTIFICATE, error.verify_message) from error
    except (OSError, EOFError) as error:
        raise MailboxProblem(Problem.UNREACHABLE, str(error)) from error
    except (imaplib.IMAP4.error, ValueError, IndexError) as error:
        raise MailboxProblem(Problem.BROKEN, str(error)) from error


def _close(imap: Any) -> None:
    """Politely where that is possible, and for good in any case."""
    try:
        if not imap.is_spent:
            imap.logout()
    except (OSError, EOFError, imaplib.IMAP4.error):
        pass
    finally:
        with contextlib.suppress(OSError):
            imap.shutdown()


def _connected(mailbox: Mailbox) -> Any:
    place = address_of(mailbox.host, mailbox.port)
    if mailbox.security == Security.TLS:
        return _Tls(place, mailbox.host, ssl_context=ssl.create_default_context())
    if mailbox.security == Security.NONE and not settings.MAIL_PRIVATE_HOSTS:
        raise MailboxProblem(Problem.OPEN_LINE)
    imap = _Plain(place, mailbox.host)
    if mailbox.security == Security.STARTTLS:
        imap.starttls(ssl.create_default_context())
    return imap


def _sign_in(imap: Any, user: str, password: str) -> None:
    try:
        imap.login(_quotable(user), password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxProblem(Problem.SIGN_IN, str(error)) from error


def _quotable(text: str) -> str:
    """``login`` quotes the password only."""
    return _quoted(text) if re.search(r'[\s"\\(){%*]', text) else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "") + '"'


def _said(data: Any) -> str:
    return " ".join(part.decode("utf-8", "replace") for part in data or () if isinstance(part, bytes))
