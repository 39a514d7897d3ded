"""The steps that a person takes with a file: take it in, test it, run it, throw it away."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from records.imports import story
from records.imports.importables import Importable
from records.imports.mapping import Mapping
from records.imports.problems import FileProblem
from records.imports.table import Table, largest
from records.imports.tasks import proceed
from records.models import FileImport

State = FileImport.State


def take_in(upload: UploadedFile | None, importable: Importable, *, by: Any, too_large: bool) -> FileImport:
    """Keeps the file and proves that it can be read. Raises FileProblem; then nothing is kept."""
    if too_large or (upload is not None and (upload.size or 0) > largest()):
        raise FileProblem("too_large", limit=largest() >> 20)
    if upload is None or not upload.size:
        raise FileProblem("empty")
    file_import = FileImport(kind=importable.kind, by=by, name=(upload.name or "file")[:255], size=upload.size)
    room = file_import.make_room()
    try:
        with open(room / "file", "wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        file_import.rows = story.open_file(file_import).rows
        file_import.save()
    except BaseException:
        file_import.clear_room()
        raise
    return file_import


def problem_of(mapping: Mapping, importable: Importable) -> FileProblem | None:
    try:
        mapping.check(importable)
    except FileProblem as problem:
        return problem
    return None


@transaction.atomic
def test(file_import: FileImport, mapping: Mapping, table: Table) -> bool:
    """Keeps the mapping and tests the whole file in the background, writing nothing."""
    if not file_import.begin(State.TESTING):
        return False
    file_import.mapping, file_import.rows, file_import.report = mapping.as_json(), table.rows, {}
    file_import.save(update_fields=["mapping", "rows", "report"])
    story.remember(file_import, mapping, table)
    story.begin_progress(file_import)
    proceed.delay_on_commit(file_import.pk)
    return True


@transaction.atomic
def run(file_import: FileImport) -> bool:
    """Only what was tested is run, with exactly the mapping that was tested."""
    if file_import.state not in {State.TESTED, State.FAILED} or not file_import.mapping.get("columns"):
        return False
    if not file_import.begin(State.RUNNING):
        return False
    story.begin_progress(file_import)
    proceed.delay_on_commit(file_import.pk)
    return True


def stop(file_import: FileImport) -> bool:
    """Ends a test or a run; what it wrote so far is taken back with it. False when it was over already."""
    if not file_import.ask_to_stop():
        return False
    story.tell_to_stop(file_import)
    return True


def discard(file_import: FileImport) -> bool:
    if file_import.is_busy or file_import.state == State.DONE:
        return False
    file_import.clear_room()
    file_import.delete()
    return True
