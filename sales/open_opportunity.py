"""A new opportunity: by hand, from a converted lead, by the API."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.derived import derive, lock_customers
from records.log import log_event
from records.refusals import Refused
from sales.business_day import today_of_company
from sales.models import Opportunity, Pipeline, Stage, StageStay
from sales.search import index_opportunities
from sales.sharing import share_customer


@transaction.atomic
def open_opportunity(
    name: str, *, by: Any, owner: Any = None, customer: Any = None, contact: Any = None, stage: Stage | None = None,
    pipeline: Pipeline | None = None, now: Any = None, batch: Any = None, facts: dict | None = None, **fields: Any,
) -> Opportunity:  # fmt: skip
    """Opens an opportunity in ``stage``, else the first stage of ``pipeline``, else of the first pipeline.

    ``fields``: EDITABLE ones (amount, currency, opened_on, close_on, source …). ``owner`` is ``by`` unless given;
    ``opened_on`` is today, ``currency`` the company's, ``probability`` the stage's unless given. ``facts`` go into the
    event (the lead it came from).
    """
    unknown = set(fields) - set(Opportunity.EDITABLE)
    if unknown:
        raise ValueError(f"not editable on an opportunity: {sorted(unknown)}")
    if contact is not None and (customer is None or contact.customer_id != customer.pk):
        raise Refused(_("This contact belongs to another customer."), reason="contact")
    now = now or timezone.now()
    if stage is not None:
        stage.refuse_if_retired()
    stage = stage or (pipeline or Pipeline.first_choice()).first_stage()
    opportunity = _new(name, owner or by, customer, contact, stage, now, fields)
    opportunity.created_by = by
    lock_customers([opportunity.customer_id])
    opportunity.save()
    StageStay.objects.enter(opportunity, now)
    share_customer(opportunity, by=by)
    index_opportunities([opportunity.pk])
    derive([opportunity.customer_id])
    facts = {"stage": stage.pk, "owner": opportunity.owner_id, "amount": opportunity.amount, **(facts or {})}
    log_event("create", opportunity, by=by, facts=facts, batch=batch)
    return opportunity


def _new(
    name: str, owner: Any, customer: Any, contact: Any, stage: Stage, now: Any, fields: dict[str, Any]
) -> Opportunity:
    given = {key: value for key, value in fields.items() if value not in (None, "")}
    given.setdefault("opened_on", today_of_company(now))
    given.setdefault("currency", Company.get().currency)
    given.setdefault("probability", stage.probability)
    opportunity = Opportunity(
        name=name, owner=owner, team_id=owner.team_id if owner else None, assigned_at=now if owner else None,
        customer=customer, contact=contact, pipeline_id=stage.pipeline_id, stage=stage, furthest_stage=stage,
        stage_since=now, **given,
    )  # fmt: skip
    opportunity.copy_hints()
    opportunity.amount_company = opportunity.converted()
    return opportunity
