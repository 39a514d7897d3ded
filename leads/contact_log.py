"""What was done with a lead. The first thing that reaches somebody is its first contact."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.activity import ActivityType
from leads.models import Lead, LeadActivity
from leads.scoring.score import score_lead
from leads.states import MOVES
from records.log import log_event
from records.moves import refuse
from records.refusals import Refused

# Clocks differ a little.
SLACK = timedelta(minutes=5)
# A note to oneself, or a call that nobody answered, is no contact.
NOT_REACHED = "not_reached"


@transaction.atomic
def log_contact(lead: Lead, values: dict[str, Any], *, by: Any, now: datetime | None = None) -> LeadActivity:
    """Notes a contact, and makes the lead *contacted* when it is the first that reached somebody.

    ``values``: type, direction, content, outcome (a dictionary entry), at, next_contact_at. Refused on a closed lead.
    """
    now = now or timezone.now()
    values = {"at": now, **{name: value for name, value in values.items() if value is not None}}
    if values["at"] > now + SLACK:
        raise Refused(_("This lies in the future."), reason="future")
    if values.get("next_contact_at") and values["next_contact_at"] < now - SLACK:
        raise Refused(_("The next contact lies in the past."), reason="past")
    lead.lock()
    if not lead.is_open or lead.is_deleted:
        refuse(lead, "contact")
    row = LeadActivity.objects.create(lead=lead, done_by=by, **values)
    if _reached(row) and lead.state in MOVES["contact"][0]:
        lead.contact(by=by, at=row.at)
    else:
        log_event("log", lead, by=by, facts={"type": row.type})
    _touch(lead, row)
    score_lead(lead, now=now)
    return row


def _reached(row: LeadActivity) -> bool:
    return row.type != ActivityType.NOTE and not (row.outcome and row.outcome.code == NOT_REACHED)


# A contact keeps the plans that were due; one that lies ahead stays unless a new one was made.
_TOUCH = """
UPDATE leads_lead SET last_contact_at = CASE WHEN %(counts)s THEN greatest(last_contact_at, %(at)s)
                                             ELSE last_contact_at END,
    next_contact_at = CASE WHEN %(next)s::timestamptz IS NOT NULL THEN %(next)s
                           WHEN %(counts)s AND next_contact_at <= %(day_end)s THEN NULL ELSE next_contact_at END
WHERE id = %(id)s RETURNING last_contact_at, next_contact_at
"""


def _touch(lead: Lead, row: LeadActivity) -> None:
    day_end = timezone.localtime(row.at).replace(hour=23, minute=59, second=59)
    values = {"id": lead.pk, "at": row.at, "next": row.next_contact_at, "day_end": day_end, "counts": _reached(row)}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, values)
        lead.last_contact_at, lead.next_contact_at = cursor.fetchone()
