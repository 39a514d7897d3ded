from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One row per verb, in the verb's own transaction: append-only, small, no typed text, no personal data.

    No foreign key to the subject: the log outlives what it tells of, and a sweep must not pay for one per row.
    """

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("by"),
    )  # fmt: skip
    verb = models.CharField(_("verb"), max_length=32)
    subject_kind = models.CharField(_("kind"), max_length=24)
    subject_id = models.BigIntegerField(_("number"))
    customer_id = models.BigIntegerField(null=True)
    batch = models.ForeignKey(
        "records.Batch", models.PROTECT, null=True, related_name="events", db_constraint=False, db_index=False
    )
    # Codes and numbers of the fact: owner from and to, stage, amount.
    facts = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Event"]] = models.Manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            # The customer's timeline, newest first.
            models.Index(fields=["customer_id", "-id"], name="event_customer", condition=Q(customer_id__isnull=False)),
            # The timeline of any other record, and its field history.
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="event_subject"),
            # What assignment rules gave in a period, and what was taken back from whom: leads.fairness.
            models.Index(
                fields=["at"],
                name="event_lead_assign",
                condition=Q(subject_kind="lead", verb__in=["assign", "to_queue"]),
            ),
            # Undo and the report of a batch.
            models.Index(fields=["batch"], name="event_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"


class Change(models.Model):
    """A field before and after an event: field history, undo and erasure work here, never in the event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects: ClassVar[models.Manager["Change"]] = models.Manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before!r} → {self.after!r}"
