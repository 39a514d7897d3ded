from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that hangs on a record. Who reaches the record reaches the file; it is never served by its path."""

    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m/", max_length=300)
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    content_type = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Attachment"]] = models.Manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-id"]
        indexes = [
            # The files of one record.
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="attachment_subject"),
            # All files of a customer, whatever they hang on.
            models.Index(fields=["customer_id", "-id"], name="attachment_customer"),
        ]

    def __str__(self) -> str:
        return self.name
