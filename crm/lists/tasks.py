"""The Celery doors of the list machine."""

from celery import shared_task


@shared_task(name="crm.run_bulk_batch")
def run_bulk_batch(batch_id: int) -> None:
    """Record after: each portion commits with its count, and a second run goes on where the first was killed."""
    from crm.lists.bulk import run_bulk
    from records.models import Batch

    batch = Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).select_related("by").first()
    if batch is not None:
        run_bulk(batch)


@shared_task(name="crm.write_export")
def write_export(batch_id: int) -> None:
    """Record after: a second run writes the file anew, and the batch names one file only."""
    from crm.lists.export_file import write_file
    from records.models import Batch

    batch = Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).select_related("by").first()
    if batch is not None:
        write_file(batch)
