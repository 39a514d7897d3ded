import os
import socket
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One run of a job, by beat or by hand: what it was asked, what it did, in words. Dry runs leave no row."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped by the brake")
        FAILED = "failed", _("failed")
        LOST = "lost", _("interrupted")

    name = models.CharField(_("job"), max_length=64)
    by_beat = models.BooleanField(_("by the clock"), default=False)
    # The rules' now: the real time, or what `run_job --at` gave.
    scheduled_for = models.DateTimeField(_("as of"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    moved = models.PositiveIntegerField(_("moved"), default=0)
    batch = models.ForeignKey(
        "records.Batch", models.PROTECT, null=True, blank=True, related_name="job_runs", verbose_name=_("batch")
    )
    lines = models.JSONField(_("report"), default=list)
    error = models.TextField(_("error"), blank=True)
    worker = models.CharField(_("worker"), max_length=120, blank=True)

    objects: ClassVar[models.Manager["JobRun"]] = models.Manager()

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-id"]
        indexes = [
            # The last runs of one job: is it due, and its history in admin.
            models.Index(fields=["name", "-id"], name="job_run_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") ^ Q(finished_at__isnull=False), name="job_run_ended_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @classmethod
    def start(cls, name: str, *, now: Any, by_beat: bool) -> "JobRun":
        worker = f"{socket.gethostname()}:{os.getpid()}"
        return cls.objects.create(name=name, scheduled_for=now, by_beat=by_beat, worker=worker[:120])

    def finish(self, *, state: str, moved: int, batch: Any, lines: list[str]) -> None:
        self.moved, self.batch, self.lines = moved, batch, lines
        self._end(state)

    def fail(self, error: str) -> None:
        self.error = error
        self._end(self.State.FAILED)

    def _end(self, state: str) -> None:
        self.state, self.finished_at = state, timezone.now()
        self.save(update_fields=["state", "finished_at", "moved", "batch", "lines", "error"])
