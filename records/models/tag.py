from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=60)

    objects: ClassVar[models.Manager["Tag"]] = models.Manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="tag_name_once", violation_error_message=_("This tag exists already.")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a record of any kind."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", db_index=False)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()

    objects: ClassVar[models.Manager["Tagging"]] = models.Manager()

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        ordering = ["id"]
        constraints = [
            # Also the filter "has this tag".
            models.UniqueConstraint(fields=["tag", "subject_kind", "subject_id"], name="tagging_once"),
        ]
        indexes = [
            # The tags of one record.
            models.Index(fields=["subject_kind", "subject_id"], name="tagging_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.subject_kind} {self.subject_id}"
