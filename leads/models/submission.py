from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.models.lead import Lead
from leads.models.web_form import ConsentText, WebForm


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def waiting(self) -> Self:
        return self.filter(outcome=Submission.Outcome.WAITING)

    def for_lead(self, lead: Any) -> Self:
        """What came in for a lead, newest first; who reaches the lead may read it."""
        return self.filter(lead=lead).select_related("form", "consent").order_by("-pk")


class Submission(models.Model):
    """What somebody sent by a web form, as it came. A job makes the lead, so that the answer is alike for everybody."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits")
        LEAD = "lead", _("made a lead")
        REPEAT = "repeat", _("joined to a lead")

    form = models.ForeignKey(WebForm, models.PROTECT, related_name="submissions", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, related_name="submissions", db_index=False)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, default=Outcome.WAITING)
    at = models.DateTimeField(default=timezone.now)
    # In the form's order: name of the column, label and text as the visitor saw them, value for the lead.
    answers = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+", db_index=False)
    page = models.CharField(max_length=500, blank=True)
    # utm_… and campaign of the address.
    origin = models.JSONField(default=dict)
    # Of the address of the visitor's machine, by a secret key: two from one place are told, the place is not.
    address_key = models.CharField(max_length=32, blank=True)
    # Of the page that was rendered, and of what stood in it.
    once = models.CharField(max_length=32, blank=True)
    content_key = models.CharField(max_length=64)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission of a web form")
        verbose_name_plural = _("submissions of web forms")
        ordering = ["-id"]
        indexes = [
            # Figures by week; whether the same came a moment ago.
            models.Index(fields=["form", "at"], include=["outcome"], name="submission_of_form"),
            # The lead's page.
            models.Index(fields=["lead"], name="submission_of_lead", condition=Q(lead__isnull=False)),
            # What the job takes in.
            models.Index(fields=["id"], name="submission_waiting", condition=Q(outcome="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "once", "content_key"], condition=~Q(once=""), name="submission_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", lead__isnull=True)
                | Q(outcome__in=["lead", "repeat"], lead__isnull=False),
                name="submission_taken_in_has_a_lead",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.form} {self.at:%Y-%m-%d %H:%M}"


class LeadConsent(models.Model):
    """That somebody agreed: to which text, when, and by which submission."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="given", db_index=False)
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="consent_given")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["LeadConsent"]] = models.Manager()

    class Meta:
        verbose_name = _("consent of a lead")
        verbose_name_plural = _("consents of leads")
        ordering = ["lead_id", "at", "id"]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.text}"


class SpamDay(models.Model):
    """How often a form refused on one day what looked like a program's work; nothing of it is kept."""

    form = models.ForeignKey(WebForm, models.CASCADE, related_name="spam_days", db_index=False)
    day = models.DateField()
    refused = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["SpamDay"]] = models.Manager()

    class Meta:
        verbose_name = _("spam of a day")
        verbose_name_plural = _("spam by day")
        ordering = ["form_id", "day"]
        constraints = [models.UniqueConstraint(fields=["form", "day"], name="spam_day_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.day}: {self.refused}"
