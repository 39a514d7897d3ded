from typing import Any, ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """Whatever changed many rows for a person or a rule: previewed before, explained during, undone after.

    The header; its rows are its events. ``params`` says which filter or rule, ``counts`` how many of what.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    verb = models.CharField(_("verb"), max_length=32)
    title = models.CharField(_("title"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="batches", verbose_name=_("by"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    params = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Batch"]] = models.Manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-id"]
        indexes = [
            # A person's own batches, newest first.
            models.Index(fields=["by", "-id"], name="batch_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="undone") | models.Q(undone_at__isnull=False),
                name="batch_undone_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.verb} #{self.pk}"

    @classmethod
    def start(cls, verb: str, *, by: Any, title: str = "", params: dict[str, Any] | None = None) -> "Batch":
        return cls.objects.create(verb=verb, by=by, title=title, params=params or {})

    def count(self, **counts: int) -> None:
        """Adds to the counts, e.g. after each portion: ``batch.count(moved=2000)``."""
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number
        self.save(update_fields=["counts"])

    def finish(self, **counts: int) -> None:
        self.counts.update(counts)
        self._end(self.State.DONE)

    def fail(self, message: str) -> None:
        self.message = message
        self._end(self.State.FAILED)

    def _end(self, state: str) -> None:
        self.state, self.finished_at = state, timezone.now()
        self.save(update_fields=["state", "finished_at", "counts", "message"])

    def claim_undo(self, *, by: Any) -> bool:
        """Takes the right to undo this batch; False when somebody else has it or it was undone already."""
        ended = (self.State.DONE, self.State.FAILED, self.State.STOPPED)
        taken = Batch.objects.filter(pk=self.pk, state__in=ended).update(
            state=self.State.UNDOING, undone_by=by, undone_at=timezone.now(), message=F("message")
        )
        if taken:
            self.refresh_from_db()
        return bool(taken)
