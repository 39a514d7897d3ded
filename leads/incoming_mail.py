"""Takes messages of leads: each is a line of the contact log, from the lead; one of somebody unknown is a new lead."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from customers.models.activity import ActivityType, Direction
from leads.create import create_lead
from leads.models import Lead, LeadActivity
from leads.states import LeadState
from messaging.inbound.takers import MOST, Taker, takers
from records.dictionary import entry_by_code
from records.log import log_event

LONGEST_NEED = 10_000


def add_taker() -> None:
    takers.add("lead", Taker("lead", "change", of_sender, join, make))


def of_sender(address: str, among: Collection[int] | None) -> list[int]:
    """A converted lead is seen as its customer."""
    rows = Lead.objects.live().filter(email_key=address).exclude(state=LeadState.CONVERTED)
    if among is not None:
        rows = rows.filter(pk__in=among)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def join(mail: Any, lead: Lead, *, by: Any) -> None:
    """That she wrote is no contact of ours: the first contact stays due."""
    lead.lock()
    row = _note(mail, lead)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE leads_lead SET last_contact_at = greatest(last_contact_at, %s) WHERE id = %s", [row.at, lead.pk]
        )
    log_event("log", lead, by=by, facts={"type": row.type, "mail": mail.pk})


def make(mail: Any, *, by: Any) -> Lead:
    """Waits in the queue of the mailbox's team, and is given away by the rules."""
    mailbox = mail.mailbox
    values = {
        "name": (mail.from_name or mail.from_address.partition("@")[0])[:200],
        "email": mail.from_address,
        "need": mail.as_text[:LONGEST_NEED],
        "source": (mailbox and mailbox.source) or entry_by_code("lead_source", "email"),
        "campaign": mailbox.campaign if mailbox else "",
    }
    lead = create_lead(values, by=by, team=mail.team)
    _note(mail, lead, content=mail.subject)
    return lead


def _note(mail: Any, lead: Lead, content: str | None = None) -> LeadActivity:
    return LeadActivity.objects.create(
        lead=lead, type=ActivityType.EMAIL, direction=Direction.IN, at=mail.written_at,
        content=mail.as_text if content is None else content,
    )  # fmt: skip
