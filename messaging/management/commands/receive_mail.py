import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from crm import normalise
from messaging.inbound.handle import handle
from messaging.inbound.parse import NotAMessage
from messaging.inbound.store import store
from messaging.models import Mailbox
from messaging.states import How

# What mail servers understand (sysexits.h): 65 goes back to the sender, 75 is tried again later.
NO_MESSAGE, LATER = 65, 75


class Command(BaseCommand):
    help = (
        "Takes one message from standard input, for the pipe of a mail server. Exit 0: stored, also when it was known "
        "already; 65: no message, or too large; 75: not now, keep it and try again."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", help="the address of ours that it came to; else it is taken from the message")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = settings.MAIL_LARGEST_MB * 1024 * 1024
        raw = sys.stdin.buffer.read(limit + 1)
        if len(raw) > limit:
            while sys.stdin.buffer.read(1 << 20):  # the mail server wants to be heard to the end
                pass
            self._end(NO_MESSAGE, f"larger than {settings.MAIL_LARGEST_MB} MB; not taken")
        try:
            pk = self._store(raw, options["mailbox"])
        except NotAMessage:
            self._end(NO_MESSAGE, "this is no message: it has no header")
        except Exception as error:  # whatever it is: the mail server keeps the message
            self._end(LATER, f"not now: {type(error).__name__}")
        self._handle(pk)

    def _store(self, raw: bytes, address: str | None) -> int:
        mailbox = None
        if address:
            mailbox = Mailbox.objects.of_address(normalise.email(address) or address).first()
            if mailbox is None:
                self._end(LATER, f"there is no mailbox {address}")
        mail, is_new = store(raw, how=How.PIPE, mailbox=mailbox)
        self.stdout.write(f"message {mail.pk}: {'stored' if is_new else 'known already'}")
        return mail.pk

    def _handle(self, pk: int) -> None:
        """It is stored; what fails from here on is done by the next poll."""
        try:
            handle(pk)
        except Exception as error:
            self.stderr.write(f"handled later: {type(error).__name__}")

    def _end(self, code: int, words: str) -> None:
        self.stderr.write(words)
        sys.exit(code)
