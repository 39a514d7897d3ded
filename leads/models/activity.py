from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.activity import ActivityType, Direction
from records.models import dictionary_key


class LeadActivity(models.Model):
    """One line of a lead's contact log. On conversion each becomes an activity of the customer."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="activities", db_index=False)
    type = models.CharField(_("type"), max_length=8, choices=ActivityType.choices, default=ActivityType.CALL)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    content = models.TextField(_("content"), blank=True)
    outcome = dictionary_key("activity_outcome", verbose_name=_("outcome"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("contact with a lead")
        verbose_name_plural = _("contacts with leads")
        ordering = ["-at", "-id"]
        indexes = [
            # The lead's timeline.
            models.Index(fields=["lead", "-at", "-id"], name="lead_activity_timeline"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ActivityType.values), name="lead_activity_type_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.at:%Y-%m-%d}"
