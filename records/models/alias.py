from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from records.refusals import Refused


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


def merged_into(kind: str, pk: int) -> int | None:
    """The record of the same kind into which this one was merged."""
    rows = Alias.objects.filter(kind=kind, target_kind=kind, old_id=pk)
    return rows.values_list("target_id", flat=True).first()


def was_merged(kind: str) -> Exists:
    """For rows of a kind: whether each was merged into another one."""
    return Exists(Alias.objects.filter(kind=kind, target_kind=kind, old_id=OuterRef("pk")))


def refuse_if_merged(record: Any) -> None:
    """It lies in the trash for another reason; the undo of the merge brings it back."""
    into = merged_into(record.kind, record.pk)
    if into is not None:
        raise Refused(
            _("This was merged with another record. Take the merge back instead."), reason="merged", into=into
        )
