"""The states of an incoming message, and the words for why it waits or lies aside."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    RECEIVED = "received", _("received")
    WAITING = "waiting", _("waits")
    AUTOMATIC = "automatic", _("automatic")
    JOINED = "joined", _("joined")
    DISMISSED = "dismissed", _("dismissed")


_UNSETTLED = {MailState.RECEIVED, MailState.WAITING, MailState.AUTOMATIC, MailState.DISMISSED}

MAIL_MOVES: dict[str, tuple[set[str], str]] = {
    "wait": ({MailState.RECEIVED}, MailState.WAITING),
    "set_aside": ({MailState.RECEIVED}, MailState.AUTOMATIC),
    "join": (_UNSETTLED, MailState.JOINED),
    "dismiss": ({MailState.WAITING, MailState.AUTOMATIC}, MailState.DISMISSED),
    "take_up": ({MailState.AUTOMATIC, MailState.DISMISSED}, MailState.WAITING),
}


class Why(models.TextChoices):
    """Why nothing was done with a message by itself."""

    TRAY_ONLY = "tray_only", _("this mailbox makes no leads")
    NO_MAILBOX = "no_mailbox", _("sent to no mailbox of ours")
    KNOWN_SENDER = "known_sender", _("known sender, but no answer to us")
    OTHER_SENDER = "other_sender", _("an answer to us, but from another address")
    CHECK_FAILED = "check_failed", _("forged sender, says our mail server")
    NO_SENDER = "no_sender", _("it names no sender")
    AUTHOR = "author", _("the mailbox may not do this for its author any more")
    TOO_LARGE = "too_large", _("too large, left on the mail server")
    UNREADABLE = "unreadable", _("unreadable, kept as a file")
    FAILED = "failed", _("an error on our side")
    TAKEN_UP = "taken_up", _("taken up again by a person")
    # The automatic pile.
    AUTO_REPLY = "auto_reply", _("automatic answer")
    BOUNCE = "bounce", _("could not be delivered")
    LIST = "list", _("mailing list")
    OWN = "own", _("sent by ourselves")


class Check(models.TextChoices):
    """What our own mail server says of the sender."""

    NONE = "none", _("not verified")
    PASS = "pass", _("verified")
    FAIL = "fail", _("forged")


class How(models.TextChoices):
    PIPE = "pipe", _("handed over by the mail server")
    IMAP = "imap", _("fetched from the mailbox")


class Security(models.TextChoices):
    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("none")


class Problem(models.TextChoices):
    """Why a mailbox could not be read."""

    NO_PASSWORD = "no_password", _("The password is not in the environment.")
    UNKNOWN_HOST = "unknown_host", _("There is no such mail server.")
    PRIVATE_HOST = "private_host", _("The mail server has a private address, which is not allowed here.")
    OPEN_LINE = "open_line", _("A line without TLS is allowed to a server in the own network only.")
    UNREACHABLE = "unreachable", _("The mail server does not answer.")
    CERTIFICATE = "certificate", _("The certificate of the mail server is not valid.")
    SIGN_IN = "sign_in", _("The mail server refuses user and password.")
    FOLDER = "folder", _("There is no such folder.")
    BROKEN = "broken", _("The mail server answers in a way that we do not understand.")
