from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LikelyPair(models.Model):
    """Two records of one kind that may be the same, and what a person said of it.

    ``keys`` are digests of what they share: a pair that somebody judged is proposed again only when they share more.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MERGED = "merged", _("merged")
        DIFFERENT = "different", _("not the same")

    kind = models.CharField(max_length=24)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    score = models.PositiveSmallIntegerField(_("likeness"))
    signals = ArrayField(models.CharField(max_length=12), default=list)
    keys = ArrayField(models.CharField(max_length=48), default=list)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField()
    judged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged"), null=True)

    objects: ClassVar[models.Manager["LikelyPair"]] = models.Manager()

    class Meta:
        verbose_name = _("likely pair")
        verbose_name_plural = _("likely pairs")
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "low_id", "high_id"], name="likely_pair_once"),
            models.CheckConstraint(condition=Q(low_id__lt=F("high_id")), name="likely_pair_is_ordered"),
            models.CheckConstraint(
                condition=Q(state="open", judged_at__isnull=True) | ~Q(state="open") & Q(judged_at__isnull=False),
                name="likely_pair_judged_has_its_moment",
            ),
        ]
        indexes = [
            # The review queue, the likeliest first.
            models.Index(fields=["kind", "state", "-score", "-id"], name="likely_pair_queue"),
            # The pairs of one record: a merge settles them. Those where it is the lower one are in likely_pair_once.
            models.Index(fields=["kind", "high_id"], name="likely_pair_high"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low_id} – {self.high_id}"

    @staticmethod
    def of(kind: str, one: int, other: int) -> dict[str, Any]:
        """What finds the row of two records, in either order."""
        return {"kind": kind, "low_id": min(one, other), "high_id": max(one, other)}
