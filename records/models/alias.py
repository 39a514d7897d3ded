from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Alias(models.Model):
    """A converted lead or merged customer keeps its number here; timelines and links read the set of them."""

    kind = models.CharField(max_length=24)
    old_id = models.BigIntegerField()
    target_kind = models.CharField(max_length=24)
    target_id = models.BigIntegerField()

    objects: ClassVar[models.Manager["Alias"]] = models.Manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "old_id"], name="alias_once")]
        indexes = [
            # All former numbers of one record, for its timeline.
            models.Index(fields=["target_kind", "target_id"], name="alias_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.old_id} → {self.target_kind} {self.target_id}"
