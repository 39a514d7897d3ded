"""Many messages at once: nothing is to be done about them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lists.spec import BulkResult
from messaging.models import InboundMail
from messaging.states import MAIL_MOVES, MailState
from records.models import Event

VERB = "dismiss_mail"


def dismiss_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    """One portion, in the caller's transaction; messages that are settled are named."""
    now, asked = timezone.now(), InboundMail.objects.live().filter(pk__in=ids)
    held = asked.filter(state__in=MAIL_MOVES["dismiss"][0]).select_for_update(of=("self",)).order_by("pk")
    before = dict(held.values_list("pk", "state"))
    InboundMail.objects.filter(pk__in=before).update(state=MailState.DISMISSED, handled_by=by, handled_at=now)
    Event.objects.bulk_create(
        Event(
            at=now, by=by, verb="dismiss", subject_kind="mail", subject_id=pk, batch=batch,
            facts={"state": [state, MailState.DISMISSED]},
        )
        for pk, state in before.items()
    )  # fmt: skip
    return BulkResult(len(before), [(pk, _("This message is settled already.")) for pk in ids if pk not in before])
