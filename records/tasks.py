"""The Celery door of the jobs."""

from celery import shared_task

from records import jobs
from records.handover.tasks import hand_over
from records.imports.tasks import proceed
from records.search.tidy import tidy
from records.undo_later import undo_later

__all__ = ["hand_over", "proceed", "run_job", "tidy_search", "undo_later"]


@shared_task(name="records.run_job", acks_late=True, reject_on_worker_lost=True)
def run_job(name: str, force: bool = False) -> None:
    """Record after: may run twice, and the second run finds nothing to do. ``force``: a person passed the brake."""
    if name in jobs.jobs:
        jobs.run_job(name, force=force, by_beat=not force)


@shared_task(name="records.tidy_search")
def tidy_search() -> None:
    """Record after: a second run finds nothing to put in its place."""
    tidy()
