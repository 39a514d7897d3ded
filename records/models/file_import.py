import shutil
import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FileImportQuerySet(models.QuerySet["FileImport"]):
    def of_author(self, user: Any) -> "FileImportQuerySet":
        """A file and what was read of it is its author's alone."""
        return self.filter(by=user)


class FileImport(models.Model):
    """A file on its way in: uploaded, mapped, tested, run. The rows it made are its batch's."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        TESTING = "testing", _("being tested")
        TESTED = "tested", _("tested")
        RUNNING = "running", _("running")
        STOPPING = "stopping", _("being stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=24)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    folder = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.UPLOADED)
    mapping = models.JSONField(default=dict)
    # Number of rows that stand in the file, for the progress bar.
    rows = models.PositiveIntegerField(default=0)
    # Of the latest test or run: counts, notes, reasons.
    report = models.JSONField(default=dict)
    # Why the file was refused whole: {"code", "params"}.
    problem = models.JSONField(default=dict)
    batch = models.OneToOneField(
        "records.Batch", models.SET_NULL, null=True, related_name="file_import", verbose_name=_("batch")
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            # A person's own imports, newest first.
            models.Index(fields=["by", "-id"], name="file_import_by"),
            # The sweep that finds work which a killed worker left.
            models.Index(
                fields=["state"],
                name="file_import_busy",
                condition=models.Q(state__in=["testing", "running", "stopping"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        return self.state in {self.State.TESTING, self.State.RUNNING, self.State.STOPPING}

    @property
    def path(self) -> Path:
        return self.room / "file"

    @property
    def room(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "imports" / self.folder

    def make_room(self) -> Path:
        """A folder of its own outside of everything that is served."""
        self.folder = uuid.uuid4().hex
        self.room.mkdir(parents=True, exist_ok=True)
        return self.room

    def clear_room(self) -> None:
        """The file itself is not kept once it was read in."""
        if self.folder:
            shutil.rmtree(self.room, ignore_errors=True)

    def begin(self, state: str) -> bool:
        """Takes the next step; False when somebody pressed the button a moment before."""
        ready = FileImport.objects.filter(pk=self.pk).exclude(
            state__in=[self.State.TESTING, self.State.RUNNING, self.State.STOPPING, self.State.DONE]
        )
        taken = bool(ready.update(state=state, started_at=timezone.now(), finished_at=None, problem={}))
        self.refresh_from_db()
        return taken

    def ask_to_stop(self) -> bool:
        """False when the work is over; whichever commits first stands."""
        busy = FileImport.objects.filter(pk=self.pk, state__in=[self.State.TESTING, self.State.RUNNING])
        asked = bool(busy.update(state=self.State.STOPPING))
        self.refresh_from_db()
        return asked

    def is_to_stop(self) -> bool:
        """Asked within the transaction of the work, it holds off who asks to stop until that is committed."""
        now = FileImport.objects.select_for_update().filter(pk=self.pk).values_list("state", flat=True).first()
        return now == self.State.STOPPING

    def end_stopped(self) -> None:
        """One step back: what was tested can be run again, an unfinished test begins anew."""
        self.end(self.State.TESTED if self.report else self.State.UPLOADED, problem={"code": "stopped", "params": {}})

    def end(self, state: str, **values: Any) -> None:
        for name, value in {"state": state, "finished_at": timezone.now(), **values}.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "finished_at", *values])


class RefusedRow(models.Model):
    """A row that an import refused, as it stood in the file, with the reasons as codes."""

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="refused_rows", db_index=False)
    row = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    reasons = models.JSONField(default=list)

    objects: ClassVar[models.Manager["RefusedRow"]] = models.Manager()

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["row"]
        constraints = [
            # Also the file of refused rows, in order.
            models.UniqueConstraint(fields=["file_import", "row"], name="refused_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_import_id}: {self.row}"


class RememberedMapping(models.Model):
    """How the columns of a set of headers were meant the last time, per kind."""

    kind = models.CharField(max_length=24)
    header_key = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)
    used_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+", db_index=False)

    objects: ClassVar[models.Manager["RememberedMapping"]] = models.Manager()

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "header_key"], name="remembered_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.header_key[:8]}"
