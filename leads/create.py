"""A new lead, from whatever door: by hand, from a file, from a web form, from the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from leads.keys import SOURCES, keys_of
from leads.models import Lead
from leads.rating_by_hand import held_until
from leads.scoring.score import score_lead
from leads.search import index_leads
from leads.states import LeadState
from leads.values import cleaned
from records.log import log_event
from records.refusals import Refused


@transaction.atomic
def create_lead(
    values: Mapping[str, Any], *, by: Any, owner: Any = None, team: Any = None, now: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Lead:  # fmt: skip
    """A lead of ``owner``; without one it waits (in the queue of ``team``) and is given away by rule after the commit.

    ``values``: fields of Lead.EDITABLE; raises ValidationError by field. ``now``: when it was entered. ``facts``: by
    which door, for the event.
    """
    now = now or timezone.now()
    country = Company.get().country
    values = cleaned({"name": "", "company": "", **values}, country=country)
    lead = Lead(**values, created_by=by, created_at=now, team=team)
    for column, key in keys_of({name: getattr(lead, name) for name in SOURCES}, country=country).items():
        setattr(lead, column, key)
    lead.rating_until = held_until(lead.rating_by_hand, lead.rating_until)
    if owner is not None:
        _give(lead, owner, now)
    lead.save(force_insert=True)
    index_leads([lead.pk])
    score_lead(lead, now=now)
    told = {"to": lead.owner_id, "source": lead.source and lead.source.code, **(facts or {})}
    log_event("create", lead, by=by, facts=told)
    if owner is None:
        assign_after_commit(lead)
    return lead


def _give(lead: Lead, owner: Any, now: datetime) -> None:
    if not owner.is_active:
        raise Refused(_("%(name)s is not active.") % {"name": owner}, reason="inactive")
    lead.owner, lead.team_id, lead.state, lead.assigned_at = owner, owner.team_id, LeadState.ASSIGNED, now


def assign_after_commit(lead: Lead) -> None:
    """Lost messages do no harm: the job finds what still waits."""
    from leads.tasks import assign_lead

    assign_lead.delay_on_commit(lead.pk)
