"""Opportunities by the dozen, written as rows: reports count what stands in the table, whatever verb wrote it."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from sales.models import Opportunity, Stage
from tests.sales import makers


def opportunity(
    name: str, *, owner: Any, customer: Any, stage: Stage, opened_on: datetime.date | None,
    furthest: Stage | None = None, state: str = "open", closed_on: datetime.date | None = None, amount: Any = 100,
) -> Opportunity:  # fmt: skip
    """Not saved. A closed one counts for its owner and her team."""
    is_closed = state != "open"
    row = Opportunity(
        name=name, owner=owner, team_id=owner.team_id, customer=customer, pipeline_id=stage.pipeline_id, stage=stage,
        furthest_stage=furthest or stage, state=state, amount=Decimal(amount), amount_company=Decimal(amount),
        currency="EUR", probability=0, opened_on=opened_on, closed_on=closed_on if is_closed else None,
        won_at=timezone.now() if state == "won" else None, lost_reason=makers.reason() if state == "lost" else None,
        owner_at_close=owner if is_closed else None, team_at_close_id=owner.team_id if is_closed else None,
    )  # fmt: skip
    row.copy_hints()
    return row


def saved(rows: list[Opportunity]) -> list[Opportunity]:
    return Opportunity.objects.bulk_create(rows)
