"""What a killed worker or a lost message left: batches of lists go on, old files of exports go."""

import datetime

from django.utils.translation import gettext as _

from crm.lists.export_file import drop_old_files
from crm.lists.tasks import run_bulk_batch, write_export
from records.jobs import JobOutcome
from records.models import Batch

LOST_AFTER = datetime.timedelta(minutes=2)


def resume_batches(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Starts again what should have ended. Nothing runs twice: a batch at work holds its lock."""
    lost = Batch.objects.filter(state=Batch.State.RUNNING, params__has_key="list", started_at__lt=now - LOST_AFTER)
    outcome = JobOutcome()
    for batch in lost.order_by("pk"):
        task = write_export if "format" in batch.params else run_bulk_batch
        if not dry_run:
            task.delay(batch.pk)
        outcome.moved += 1
    return outcome


def drop_exports(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Deletes the files of exports after a week."""
    count = 0 if dry_run else drop_old_files(now=now)
    return JobOutcome([_("%(count)d files") % {"count": count}] if count else [], count)
