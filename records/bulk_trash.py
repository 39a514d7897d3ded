"""Many records into the trash as one batch, each with what hangs on it, and back again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from records.kinds import kinds
from records.models import Batch
from records.refusals import Refused
from records.undo import UndoResult, undoers, who_changed_last

VERB = "bulk_trash"


def bulk_trash(model: Any, ids: Iterable[int], *, by: Any, batch: Any) -> tuple[int, list[tuple[int, str]]]:
    """Deletes one by one, since each kind decides what goes with it and what forbids it: (done, [(id, why not)])."""
    done, refused = 0, []
    for record in model.objects.live().filter(pk__in=list(ids)).order_by("pk"):
        try:
            with transaction.atomic():
                record.trash(by=by, batch=batch)
            done += 1
        except Refused as refusal:
            refused.append((record.pk, str(refusal)))
    return done, refused


def undo_bulk_trash(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Restores what is still in the trash since this batch; what was restored and deleted again since is left."""
    result = UndoResult()
    for kind, pk in batch.events.filter(verb="delete").order_by("id").values_list("subject_kind", "subject_id"):
        record: Any = kinds[kind].model._base_manager.filter(pk=pk, deleted_at__isnull=False).first()
        if record is None or record.deleted_by_id != batch.by_id:
            result.left += who_changed_last(kind, [pk], since=batch)
        else:
            if not dry_run:
                record.restore(by=by)
            result.restored += 1
    return result


undoers.add(VERB, undo_bulk_trash)
