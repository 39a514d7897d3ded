"""The export of very many rows: a file made in the background, for the person who asked for it alone."""

import datetime
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.http import QueryDict
from django.utils import timezone

from accounts import access
from crm.lists.asked import Asked
from crm.lists.bulk import as_person
from crm.lists.export_formats import XLSX_ROWS, content_type, write_csv, write_xlsx
from crm.lists.export_rows import ExportRows
from crm.lists.spec import Column, ListSpec, lists
from records.jobs import alone
from records.models import Attachment, Batch

VERB = "export"
KIND = "batch"  # of the attachment's subject
KEPT = datetime.timedelta(days=7)


def start_export(asked: Asked, kind: str, columns: list[Column], *, with_bom: bool) -> Batch:
    """The record that somebody took these rows out of the house, with what filter and which columns."""
    params = {
        "list": asked.spec.name, "query": asked.query(), "format": kind, "bom": with_bom,
        "columns": [column.name for column in columns],
    }  # fmt: skip
    return Batch.start(VERB, by=asked.user, title=f"{asked.spec.title}: {kind.upper()}"[:200], params=params)


def file_name(spec: ListSpec, kind: str) -> str:
    return f"{spec.name}-{timezone.localdate():%Y-%m-%d}.{kind}"


def columns_by_name(asked: Asked, names: list[str]) -> list[Column]:
    """Only those that the person may see."""
    by_name = {column.name: column for column in asked.allowed_columns}
    return [by_name[name] for name in names if name in by_name]


def write_file(batch: Batch) -> None:
    """Writes the file with today's rights of the person and hangs it on the batch."""
    with alone(f"export:{batch.pk}") as mine:
        batch.refresh_from_db()
        if not mine or batch.state != Batch.State.RUNNING:
            return
        spec = lists[batch.params["list"]]
        if not access.allows(batch.by, "export", spec.exported_as):
            batch.fail("")
            return
        with as_person(batch.by):
            _write(batch, spec)


def _write(batch: Batch, spec: ListSpec) -> None:
    kind = batch.params["format"]
    asked = Asked(spec, QueryDict(batch.params["query"]), batch.by)
    rows = ExportRows(asked, columns_by_name(asked, batch.params["columns"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{kind}"
        count = write_csv(rows, path, with_bom=batch.params["bom"]) if kind == "csv" else write_xlsx(rows, path)
        _hang(batch, path, file_name(spec, kind), kind)
    batch.finish(rows=count, done=count, seen=count)


def _hang(batch: Batch, path: Path, name: str, kind: str) -> None:
    files_of(batch).delete()
    with path.open("rb") as file:
        Attachment.objects.create(
            subject_kind=KIND, subject_id=batch.pk, file=File(file, name=name), name=name, size=path.stat().st_size,
            content_type=content_type(kind), added_by=batch.by,
        )  # fmt: skip


def files_of(batch: Batch) -> Any:
    return Attachment.objects.filter(subject_kind=KIND, subject_id=batch.pk)


def fits(kind: str, count: int) -> bool:
    """Whether a file of this kind holds so many rows."""
    return kind != "xlsx" or count < XLSX_ROWS


def drop_old_files(*, now: datetime.datetime) -> int:
    """Files that nobody needs any more: an export is a copy of data and should not lie about."""
    old = list(Attachment.objects.filter(subject_kind=KIND, added_at__lt=now - KEPT))
    for attachment in old:
        attachment.file.delete(save=False)
        attachment.delete()
    return len(old)
