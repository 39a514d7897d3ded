"""A handover is taken back: whatever is still where it went goes back to whom it was taken from."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from records.handover.kinds import VERB, in_order, listeners
from records.models import Batch
from records.refusals import Refused
from records.undo import UndoResult, undoers


def undo_handover(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Refused while she is not active: an undo brings back what she held, not her way in."""
    leaver = User.objects.get(pk=batch.params["leaver"])
    if not leaver.is_active:
        raise Refused(
            _("%(name)s is not active, so nothing can go back. Let an administrator activate %(name)s first.")
            % {"name": leaver},
            reason="inactive",
        )
    result = UndoResult()
    for kind in in_order():
        part = kind.undo(batch, by=by, dry_run=dry_run)
        result.restored += part.restored
        result.left += part.left
    if not dry_run:
        for listener in listeners:
            listener.undone(batch)
    return result


undoers.add(VERB, undo_handover)
