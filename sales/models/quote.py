import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from records.models import Event, RecordQuerySet, dictionary_key
from records.moves import move
from records.refusals import Refused
from sales.business_day import today_of_company
from sales.models.document import Document, DocumentLine, line_constraints
from sales.models.walks import LISTED, listed_by
from sales.states import QUOTE_MOVES, QuoteState


class QuoteQuerySet(RecordQuerySet):
    def lapsed(self, today: datetime.date) -> Self:
        """Sent ones whose last day is over."""
        return self.live().filter(state=QuoteState.SENT, valid_until__lt=today)


class Quote(Document):
    """An offer to a customer. Once sent, the database keeps every word of it; a change is a new revision."""

    kind = "quote"
    access = Path("quote", parent="customer", parent_owner="other_owner", parent_team="other_team")
    MOVES = QUOTE_MOVES
    EDITABLE = ("contact", "opportunity", "currency", "prices_include_tax", "terms", "valid_until", "language", "intro")

    state = models.CharField(
        _("state"), max_length=10, choices=QuoteState.choices, default=QuoteState.DRAFT, editable=False
    )
    valid_until = models.DateField(_("valid until"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    intro = models.TextField(_("introduction"), blank=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="superseded_by", verbose_name=_("supersedes")
    )
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("approved by"),
    )  # fmt: skip
    # Why it waits, or why it came back.
    comment = models.CharField(_("comment"), max_length=500, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    # Who said yes at the customer's, as told.
    accepted_name = models.CharField(_("accepted by"), max_length=200, blank=True, editable=False)
    declined_reason = dictionary_key("quote_decline_reason", verbose_name=_("why it was declined"), editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-id"]
        indexes = [
            # The list of quotes: newest first, by the last day, by amount.
            *listed_by("-created_at", "quote_new", "state"),
            *listed_by("valid_until", "quote_valid", "state"),
            # A customer's quotes on its page.
            models.Index(fields=["customer", "-id"], name="quote_of_customer", condition=LISTED),
            # The job that lets quotes expire.
            models.Index(fields=["valid_until"], name="quote_lapses", condition=LISTED & Q(state="sent")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "accepted", "declined", "expired"]) | Q(sent_at__isnull=False),
                name="quote_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(decided_at__isnull=False),
                name="quote_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(declined_reason__isnull=False), name="quote_declined_has_a_reason",
                violation_error_message=_("Say why the quote was declined."),
            ),
        ]  # fmt: skip

    @property
    def is_draft(self) -> bool:
        return self.state == QuoteState.DRAFT

    def is_lapsed(self, today: datetime.date) -> bool:
        return self.state == QuoteState.SENT and self.valid_until < today

    def submit(self, *, by: Any, reason: str = "") -> Event:
        """``reason``: why it needs an approval; without one it is approved at once."""
        if not self.lines.exists():
            raise Refused(_("A quote has at least one line."), reason="lines", state=self.state)
        if reason:
            return move(self, "submit", by=by, comment=reason)
        return move(self, "submit", by=by, to=QuoteState.APPROVED, approved_by=by, comment="")

    def approve(self, *, by: Any) -> Event:
        return move(self, "approve", by=by, approved_by=by)

    def return_to_draft(self, comment: str, *, by: Any) -> Event:
        """Back to its author, with what to change."""
        return move(self, "return", by=by, comment=comment, approved_by=None)

    def accept(self, *, by: Any, name: str = "", now: Any = None) -> Event:
        """The customer said yes; ``name``: who, as told. Refused when the last day is over."""
        now = now or timezone.now()
        if self.is_lapsed(today_of_company(now)):
            raise Refused(_("The last day of this quote is over. Revise it."), reason="lapsed", state=self.state)
        return move(self, "accept", by=by, decided_at=now, accepted_name=name, facts={"gross": self.gross})

    def decline(self, reason: Any, *, by: Any, note: str = "", now: Any = None) -> Event:
        """``reason``: an entry of the dictionary ``quote_decline_reason``."""
        return move(
            self, "decline", by=by, decided_at=now or timezone.now(), declined_reason=reason, comment=note,
            facts={"reason": reason.code},
        )  # fmt: skip

    def withdraw(self, *, by: Any) -> Event:
        return move(self, "withdraw", by=by)

    @property
    def largest_discount(self) -> Decimal:
        return self.lines.aggregate(most=models.Max("discount"))["most"] or Decimal(0)


class QuoteLine(DocumentLine):
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("quote"))

    class Meta:
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of a quote")
        ordering = ["quote_id", "position", "id"]
        constraints = line_constraints("quote_line")
        indexes = [models.Index(fields=["quote", "position"], name="quote_line_of_quote")]


class QuoteFile(models.Model):
    """The PDF as it was sent, to the byte."""

    quote = models.OneToOneField(Quote, models.CASCADE, related_name="file", verbose_name=_("quote"))
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("PDF of a quote")
        verbose_name_plural = _("PDFs of quotes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.quote}.pdf"
