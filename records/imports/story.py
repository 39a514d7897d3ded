"""The story of one file, from the upload to its batch: what the page, the task and the command all do."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation

from accounts import access
from accounts.models import User
from records.imports.importables import Importable, importables
from records.imports.mapping import Mapping, header_key, propose
from records.imports.problems import FileProblem
from records.imports.run import Outcome, run_import
from records.imports.table import Table, open_table
from records.jobs import alone
from records.models import FileImport, RefusedRow, RememberedMapping

log = structlog.get_logger(__name__)

_PORTION = 5_000


class Stopped(Exception):
    """Its author asked to stop the work."""


State = FileImport.State


def importable_of(file_import: FileImport) -> Importable:
    return importables[file_import.kind]


def open_file(file_import: FileImport, *, read: dict[str, Any] | None = None) -> Table:
    """Raises FileProblem."""
    choice = file_import.mapping.get("read") if read is None else read
    return open_table(
        file_import.path, file_import.name, folder=file_import.room / "sheets",
        knows=importable_of(file_import).knows, choice=choice,
    )  # fmt: skip


def mapping_for(file_import: FileImport, table: Table, *, language: str) -> Mapping:
    """What was chosen last time for these headers, else the proposal."""
    importable = importable_of(file_import)
    remembered = RememberedMapping.objects.filter(
        kind=importable.kind, header_key=header_key(importable.kind, table.headers)
    ).first()
    proposed = propose(importable, table, language=language)
    if remembered is None or table.repeated:
        return proposed
    told = Mapping.from_json({**remembered.mapping, "kind": importable.kind}, table)
    told.owner = None
    return told


def remember(file_import: FileImport, mapping: Mapping, table: Table) -> None:
    """The values of people (who owns what) are not remembered."""
    told = {**mapping.as_json(), "owner": None}
    RememberedMapping.objects.update_or_create(
        kind=mapping.kind, header_key=header_key(mapping.kind, table.headers),
        defaults={"mapping": told, "used_by": file_import.by},
    )  # fmt: skip


def proceed(file_import_id: int) -> None:
    """Tests or runs what was asked for. The message may come twice or again after a kill: nothing is doubled.

    Everything that a run writes stands in one transaction with its end, so a killed one left nothing.
    """
    with alone(f"file_import:{file_import_id}") as mine:
        file_import = FileImport.objects.select_related("by").filter(pk=file_import_id).first()
        if not mine or file_import is None or not file_import.is_busy:
            return
        with translation.override(file_import.by.language if file_import.by else "en"):
            _proceed(file_import)


def _proceed(file_import: FileImport) -> None:
    dry_run = file_import.state == State.TESTING
    if file_import.state == State.STOPPING:  # before a worker took it up, or its worker is gone
        return file_import.end_stopped()
    try:
        _check_author(file_import)
        table = open_file(file_import)
        mapping = Mapping.from_json(file_import.mapping, table)
        carry_out(file_import, table, mapping, dry_run=dry_run)
        if not dry_run:
            file_import.clear_room()
    except Stopped:
        file_import.end_stopped()
    except FileProblem as problem:
        file_import.end(State.UPLOADED if dry_run else State.FAILED, problem=problem.as_json())
    except Exception as error:
        log.exception("import_failed", file_import=file_import.pk, error=type(error).__name__)
        file_import.end(State.FAILED, problem={"code": "failed", "params": {}})


def _check_author(file_import: FileImport) -> None:
    """An import acts as its author, by the rights of this moment."""
    by = file_import.by
    if by is not None and not (by.is_active and access.allows(by, "import", importable_of(file_import).right)):
        raise FileProblem("not_allowed")


def carry_out(
    file_import: FileImport, table: Table, mapping: Mapping, *, dry_run: bool, strict: bool = False
) -> Outcome:
    """Raises FileProblem; then nothing was written."""
    owner = User.objects.active().filter(pk=mapping.owner).first() if mapping.owner else None

    def finish(outcome: Outcome) -> None:
        if file_import.pk and file_import.is_to_stop():
            raise Stopped
        _keep_refused(file_import, table, outcome)
        file_import.end(State.DONE, report=report_of(outcome), batch=outcome.batch, problem={})

    outcome = run_import(
        table, importable_of(file_import), mapping, by=file_import.by, name=file_import.name, owner=owner,
        strict=strict, dry_run=dry_run, tell=lambda rows: tell_progress(file_import, rows), finish=finish,
    )  # fmt: skip
    if dry_run:
        with transaction.atomic():
            if file_import.is_to_stop():
                raise Stopped
            _keep_refused(file_import, table, outcome)
            file_import.end(State.TESTED, report=report_of(outcome), problem={})
    return outcome


def report_of(outcome: Outcome) -> dict[str, Any]:
    return {**outcome.counts, "skip_reasons": outcome.skip_reasons, **outcome.notes}


def _keep_refused(file_import: FileImport, table: Table, outcome: Outcome) -> None:
    """The refused rows as they stood in the file, read a second time: the stage held values only."""
    file_import.refused_rows.all().delete()
    reasons = dict(outcome.refusals)
    if not reasons:
        return
    rows = (
        RefusedRow(file_import=file_import, row=row.number, cells=row.cells, reasons=reasons[row.number])
        for row in table
        if row.number in reasons
    )
    for portion in _portions(rows):
        RefusedRow.objects.bulk_create(portion)


def _portions(rows: Iterable[RefusedRow]) -> Iterable[list[RefusedRow]]:
    rows = iter(rows)
    while portion := list(islice(rows, _PORTION)):
        yield portion


# --- progress, outside of the transaction ---


def tell_progress(file_import: FileImport, rows: int) -> None:
    """Raises Stopped when somebody asked for it meanwhile: the work is rolled back where it stands."""
    if not file_import.pk:
        return
    if cache.get(f"import:{file_import.pk}:stop"):
        raise Stopped
    cache.set(f"import:{file_import.pk}", rows, timeout=3600)


def tell_to_stop(file_import: FileImport) -> None:
    """The worker hears of it at its next step; work that no worker has ends here."""
    with alone(f"file_import:{file_import.pk}") as mine:
        if mine:
            file_import.end_stopped()
        else:
            cache.set(f"import:{file_import.pk}:stop", True, timeout=3600)


def begin_progress(file_import: FileImport) -> None:
    cache.delete(f"import:{file_import.pk}:stop")
    tell_progress(file_import, 0)


def rows_read(file_import: FileImport) -> int:
    """As the worker told last; writing follows once all are read."""
    return min(cache.get(f"import:{file_import.pk}") or 0, file_import.rows)


def interrupted(*, older_than: Any) -> list[FileImport]:
    """Work that nobody does: the worker was killed and its message is lost or not yet back."""
    lost = []
    for file_import in FileImport.objects.filter(
        state__in=[State.TESTING, State.RUNNING, State.STOPPING], started_at__lt=timezone.now() - older_than
    ):
        with alone(f"file_import:{file_import.pk}") as mine:
            if mine:
                lost.append(file_import)
    return lost
