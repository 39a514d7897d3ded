from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Collaborator(models.Model):
    """A record shared with a person who does not own it: to read or to write, perhaps until a date."""

    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="collaborations")
    can_write = models.BooleanField(_("may change it"), default=False)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    # The open record for whose sake it was given (PRODUCT §1); ends with it.
    because_kind = models.CharField(max_length=24, blank=True)
    because_id = models.BigIntegerField(null=True)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Collaborator"]] = models.Manager()

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject_kind", "subject_id", "because_kind", "because_id"],
                name="collaborator_once", nulls_distinct=False,
                violation_error_message=_("This person collaborates here already."),
            ),
        ]  # fmt: skip
        indexes = [
            # Who works on this record, for its page.
            models.Index(fields=["subject_kind", "subject_id"], name="collaborator_subject"),
            # What ends with a record for whose sake it was given.
            models.Index(
                fields=["because_kind", "because_id"], name="collaborator_because",
                condition=models.Q(because_id__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} – {self.subject_kind} {self.subject_id}"
