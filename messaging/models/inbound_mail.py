from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from messaging.states import MAIL_MOVES, Check, How, MailState, Why
from records.models import Record, RecordQuerySet

_LIVE = Q(deleted_at__isnull=True)
_QUEUE = _LIVE & Q(owner__isnull=True)
LONGEST_ID = 250


class InboundMailQuerySet(RecordQuerySet):
    def unhandled(self) -> Self:
        """Stored, and nothing decided yet: the process that received it was killed in between."""
        return self.live().filter(state=MailState.RECEIVED)


class InboundMail(Record):
    """A message that somebody wrote to us. It stands in the tray until it is joined to a record, or dismissed.

    ``owner``: whose record it seems to be of; ``team``: that of the mailbox. Without owner it is the queue of the team.
    """

    kind = "mail"
    access = Path("mail", queue=True)
    MOVES = MAIL_MOVES

    state = models.CharField(
        _("state"), max_length=9, choices=MailState.choices, default=MailState.RECEIVED, editable=False
    )
    why = models.CharField(_("because"), max_length=12, choices=Why.choices, blank=True, editable=False)
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("team"),
    )  # fmt: skip
    mailbox = models.ForeignKey(
        "messaging.Mailbox", models.PROTECT, null=True, related_name="mail", editable=False, verbose_name=_("mailbox")
    )

    # Which message it is. ``digest`` tells messages apart that a broken mailer gave one number, or none.
    message_id = models.CharField(max_length=LONGEST_ID, blank=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    references = ArrayField(models.CharField(max_length=LONGEST_ID), default=list, editable=False)
    from_address = models.CharField(_("sender"), max_length=254, blank=True, editable=False)
    from_name = models.CharField(_("name"), max_length=200, blank=True, editable=False)
    to_line = models.CharField(_("to"), max_length=500, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=500, blank=True, editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    is_cut = models.BooleanField(default=False, editable=False)
    # Folded name, address and subject: what the list is searched by.
    heading = models.TextField(blank=True, editable=False)
    sender_check = models.CharField(max_length=4, choices=Check.choices, default=Check.NONE, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    raw_size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    how = models.CharField(_("came"), max_length=4, choices=How.choices, editable=False)
    # Attachments that were not taken: [name, size, why].
    left_out = models.JSONField(default=list, editable=False)

    # The record that it was joined to; messaging knows no customer and no lead, so there is no foreign key.
    taken_kind = models.CharField(max_length=24, blank=True, editable=False)
    taken_id = models.BigIntegerField(null=True, editable=False)
    handled_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    handled_at = models.DateTimeField(null=True, editable=False)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        ordering = ["-received_at", "-id"]
        indexes = [
            # The tray: one's own, a team's, the queue of a team or of none, all; newest first, state as a dense filter.
            models.Index(fields=["owner", "-received_at", "-id", "state"], name="mail_own", condition=_LIVE),
            models.Index(fields=["team", "-received_at", "-id", "state", "owner"], name="mail_team", condition=_LIVE),
            models.Index(fields=["team", "-received_at", "-id", "state"], name="mail_queue", condition=_QUEUE),
            models.Index(fields=["-received_at", "-id", "state"], name="mail_all", condition=_LIVE),
            # The tray itself among a million messages that are settled.
            models.Index(fields=["-received_at", "-id"], name="mail_waiting", condition=_LIVE & Q(state="waiting")),
            # What a killed process left: the next poll goes on.
            models.Index(fields=["id"], name="mail_unhandled", condition=Q(state="received")),
            # The search box of the tray.
            GinIndex(fields=["heading"], opclasses=["gin_trgm_ops"], name="mail_heading"),
        ]
        constraints = [
            # Also the way from a reference to the message that it names.
            models.UniqueConstraint(fields=["message_id", "digest"], name="mail_once"),
            models.CheckConstraint(
                condition=Q(state="joined", taken_id__isnull=False) | (~Q(state="joined") & Q(taken_id__isnull=True)),
                name="mail_joined_has_a_record",
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("(no subject)"))

    @property
    def sender(self) -> str:
        """As a person reads it: name and address."""
        return f"{self.from_name} <{self.from_address}>" if self.from_name else self.from_address

    @property
    def is_settled(self) -> bool:
        return self.state == MailState.JOINED

    @property
    def written_at(self) -> datetime:
        """When it was sent, as far as that can be: clocks of senders are often wrong."""
        return min(self.sent_at, self.received_at) if self.sent_at else self.received_at

    @property
    def as_text(self) -> str:
        return "\n\n".join(filter(None, (self.subject, self.text)))


class SentMail(models.Model):
    """A message that we sent, and of what record it was: so that an answer finds its way back."""

    message_id = models.CharField(max_length=LONGEST_ID, unique=True)
    about_kind = models.CharField(max_length=24)
    about_id = models.BigIntegerField()
    to_address = models.CharField(max_length=254, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("sent message")
        verbose_name_plural = _("sent messages")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.message_id
