import datetime
import hashlib
import re
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from messaging.states import Problem, Security
from records.models import Rule, dictionary_key


def _today() -> datetime.date:
    return timezone.now().date()


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def for_rules(self, user: Any) -> Self:
        """The mailboxes that the person sets up: all of them, or none."""
        return self.all() if access.allows_all(user, "change", "rules") else self.none()

    def of_address(self, address: str) -> Self:
        return self.filter(address=address)

    def to_poll(self) -> Self:
        """Those that we fetch from ourselves; who waited longest comes first."""
        return self.filter(is_active=True).exclude(host="").order_by(F("polled_at").asc(nulls_first=True), "id")


class Mailbox(Rule):
    """An address of ours to which people write. Mail comes from the mail server by a pipe, or is fetched by IMAP.

    What it does by itself it does as ``author``, whose rights are asked each time.
    """

    kind = "mailbox"
    EDITABLE = (
        "address", "is_active", "makes_leads", "team", "source", "campaign", "host", "port", "security", "user",
        "folder", "since",
    )  # fmt: skip

    address = models.CharField(
        _("address"), max_length=254, help_text=_("The e-mail address to which people write."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    makes_leads = models.BooleanField(
        _("makes leads"), default=True,
        help_text=_("A message of somebody unknown becomes a lead. Otherwise it waits in the tray."),
    )  # fmt: skip
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Its leads wait in the queue of this team, its messages in the tray of this team."),
    )  # fmt: skip
    source = dictionary_key("lead_source", verbose_name=_("source"))
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", editable=False, db_index=False)

    host = models.CharField(
        _("IMAP server"), max_length=200, blank=True,
        help_text=_("Empty: the mail server hands messages over by itself (manage.py receive_mail)."),
    )  # fmt: skip
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.TLS)
    user = models.CharField(_("user"), max_length=254, blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    since = models.DateField(
        _("messages since"), default=_today, help_text=_("Older messages stay where they are."),
    )  # fmt: skip

    # How far the folder was read. Numbers hold for one validity; another one starts from the beginning.
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    polled_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    problem = models.CharField(max_length=16, blank=True, choices=Problem.choices, editable=False)
    # What the server said, for whoever mends it.
    problem_detail = models.CharField(max_length=200, blank=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["address", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], name="mailbox_address_once",
                violation_error_message=_("There is a mailbox of this address already."),
            ),
            models.CheckConstraint(
                condition=Q(host="") | ~Q(user=""), name="mailbox_has_a_user",
                violation_error_message=_("Say as whom to sign in at the mail server."),
            ),
            models.CheckConstraint(
                condition=Q(port__range=(1, 65535)), name="mailbox_port_makes_sense",
                violation_error_message=_("A port is a number from 1 to 65535."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.address

    @property
    def password_name(self) -> str:
        """The environment variable that holds the password.

        It follows from server, port and user: whoever may change those cannot have the password of one mailbox sent
        to a server of her own.
        """
        if not self.host:
            return ""
        told = f"{self.user}\n{self.host.casefold()}\n{self.port}"
        digest = hashlib.sha256(told.encode()).hexdigest()[:10].upper()
        name = re.sub(r"[^A-Z0-9]+", "_", self.user.upper().partition("@")[0])[:30].strip("_")
        return f"MAILBOX_PASSWORD_{name or 'USER'}_{digest}"

    # --- what the poll remembers: no version, no event ---

    def start_over(self, validity: int) -> None:
        """The folder numbers its messages anew."""
        self.uid_validity, self.last_uid = validity, 0
        self.save(update_fields=["uid_validity", "last_uid"])

    def remember(self, uid: int) -> None:
        """This message is stored, or known not to be there any more."""
        held = Mailbox.objects.filter(pk=self.pk, uid_validity=self.uid_validity, last_uid__lt=uid)
        if held.update(last_uid=uid):
            self.last_uid = uid

    def polled(self, *, problem: str = "", detail: str = "", now: datetime.datetime | None = None) -> None:
        self.polled_at, self.problem, self.problem_detail = now or timezone.now(), problem, detail[:200]
        self.save(update_fields=["polled_at", "problem", "problem_detail"])
