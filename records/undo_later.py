"""The undo of a large batch, in the background."""

from celery import shared_task

from accounts.models import User
from records.models import Batch
from records.refusals import Refused
from records.undo import may_undo, undo_batch


@shared_task(name="records.undo_later", acks_late=True, reject_on_worker_lost=True)
def undo_later(batch_id: int, user_id: int) -> None:
    """Record after: goes on where a killed one stopped; a second one at once is refused."""
    batch, user = Batch.objects.get(pk=batch_id), User.objects.get(pk=user_id)
    if not may_undo(user, batch):
        return
    try:
        undo_batch(batch, by=user)
    except Refused:
        return
