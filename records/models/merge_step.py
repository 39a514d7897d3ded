from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class MergeStep(models.Model):
    """One row that a merge wrote: what its undo takes back. No foreign keys: a merge writes 20,000 of them at once."""

    batch_id = models.BigIntegerField()
    # A name of records.merge.links, or of its adjustments.
    link = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    # Of an adjustment: the columns before and after. Of a link nothing: it went from the one record to the other.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    # Chosen so: the kept record gave it to the other one.
    is_given = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["MergeStep"]] = models.Manager()

    class Meta:
        verbose_name = _("step of a merge")
        verbose_name_plural = _("steps of merges")
        ordering = ["id"]
        indexes = [
            # The undo of one merge, link by link.
            models.Index(fields=["batch_id", "link"], name="merge_step_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.row_id}"
