"""What an opportunity must have before it enters a stage."""

from typing import TYPE_CHECKING

from django.db.models import Q

from sales.models.pipeline import Stage, StageGate

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


def missing_for(opportunity: "Opportunity", target: Stage) -> list[StageGate.Need]:
    """The needs of the gates into ``target`` that are not met, in the order of their list. Going back asks nothing."""
    if target.pipeline_id == opportunity.pipeline_id and target.order < opportunity.stage.order:
        return []
    gates = StageGate.objects.filter(Q(source__isnull=True) | Q(source=opportunity.stage_id), target=target)
    needs = {need for gate in gates for need in gate.needs}
    return [need for need in StageGate.Need if need.value in needs and not _has(opportunity, need)]


def _has(opportunity: "Opportunity", need: StageGate.Need) -> bool:
    if need == StageGate.Need.PRODUCTS:
        return opportunity.lines.exists()
    if need in (StageGate.Need.CUSTOMER, StageGate.Need.CONTACT):
        return getattr(opportunity, f"{need.value}_id") is not None
    return getattr(opportunity, need.value) not in (None, "")
