"""The Celery doors of the import."""

from celery import shared_task

from records.imports import story


@shared_task(name="records.imports.proceed", acks_late=True, reject_on_worker_lost=True)
def proceed(file_import_id: int) -> None:
    """Record after: may come twice; the second time nothing is left to do."""
    story.proceed(file_import_id)
