"""The Celery door of handovers, and the sweep that takes up what a killed worker left."""

import datetime

from celery import shared_task
from django.utils.translation import gettext as _

from records.handover.kinds import VERB
from records.handover.run import run_handover
from records.jobs import JobOutcome
from records.models import Batch

LOST_AFTER = datetime.timedelta(minutes=2)


@shared_task(name="records.hand_over", acks_late=True, reject_on_worker_lost=True)
def hand_over(batch_id: int) -> None:
    """Record after: goes on where a killed one stopped; a second one at once finds the lock taken."""
    running = Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING)  # unscoped: the task's own
    batch = running.select_related("by").first()
    if batch is not None:
        run_handover(batch)


def resume_handovers(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Starts again what should have ended. Nothing runs twice: a batch at work holds its lock."""
    running = Batch.objects.filter(verb=VERB, state=Batch.State.RUNNING)  # unscoped: a job sees all
    outcome = JobOutcome()
    for batch in running.filter(started_at__lt=now - LOST_AFTER).order_by("pk"):
        if not dry_run:
            hand_over.delay(batch.pk)
        outcome.moved += 1
        outcome.lines.append(_("Taken up again: %(title)s") % {"title": batch.title})
    return outcome
