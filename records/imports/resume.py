"""The sweep that takes up imports whose worker was killed and whose message was lost."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from records.imports.story import interrupted
from records.imports.tasks import proceed
from records.jobs import JobOutcome
from records.models import FileImport

# A fresh one may still wait for its worker.
PATIENCE = datetime.timedelta(minutes=2)
DAYS_KEPT = datetime.timedelta(days=7)


def resume_imports(*, now: datetime.datetime, dry_run: bool, force: bool = False, **_rest: Any) -> JobOutcome:
    """Nothing of an interrupted import was written, so it begins anew; a message too many does nothing."""
    lost = interrupted(older_than=PATIENCE)
    if not dry_run:
        _throw_away_old_files(now)
        for file_import in lost:
            proceed.delay(file_import.pk)
    lines = [_("Taken up again: %(file)s") % {"file": file_import.name} for file_import in lost]
    return JobOutcome(lines=lines, moved=len(lost))


def _throw_away_old_files(now: datetime.datetime) -> None:
    """What was uploaded and never run."""
    old = FileImport.objects.filter(  # unscoped: the house keeps its own files in order
        created_at__lt=now - DAYS_KEPT, batch=None
    ).exclude(state__in=[FileImport.State.TESTING, FileImport.State.RUNNING, FileImport.State.STOPPING])
    for file_import in old:
        file_import.clear_room()
        file_import.delete()
