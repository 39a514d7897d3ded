"""What an opportunity must have before it enters a stage, and who may take the step.

That only some roles take a step is a rule of the company's process, as an approval is; reach is asked for elsewhere.
"""

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from records.refusals import Refused
from sales.models.pipeline import Pipeline, Stage, StageGate

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


def pass_gates(opportunity: "Opportunity", target: Stage, *, by: Any, now: datetime.datetime) -> None:
    """Raises Refused, in words, when a gate on the way to ``target`` is shut for this opportunity or this person."""
    if _is_back(opportunity, target):
        _refuse_back(opportunity, target, by)
    for gate in _gates(opportunity, target):
        _refuse_way(gate, opportunity, target, by, now)
    if missing := missing_for(opportunity, target):
        raise Refused(
            _("Before “%(stage)s”, fill in: %(fields)s.")
            % {"stage": target, "fields": ", ".join(str(need.label) for need in missing)},
            reason="gate", needs=[need.value for need in missing],
        )  # fmt: skip


def missing_for(opportunity: "Opportunity", target: Stage) -> list[StageGate.Need]:
    """The needs of the gates into ``target`` that are not met, in the order of their list."""
    needs = {need for gate in _gates(opportunity, target) for need in gate.needs}
    return [need for need in StageGate.Need if need.value in needs and not _has(opportunity, need)]


def _gates(opportunity: "Opportunity", target: Stage) -> list[StageGate]:
    """Going back, only the gates that name this very way count."""
    named = Q(source=opportunity.stage_id)
    rule = named if _is_back(opportunity, target) else named | Q(source__isnull=True)
    return list(StageGate.objects.filter(rule, target=target))


def _is_back(opportunity: "Opportunity", target: Stage) -> bool:
    return target.pipeline_id == opportunity.pipeline_id and target.order < opportunity.stage.order


def _refuse_back(opportunity: "Opportunity", target: Stage, by: Any) -> None:
    way = target.pipeline.going_back
    if way == Pipeline.GoingBack.NEVER:
        raise Refused(_("In this pipeline nothing goes back."), reason="going_back")
    if way == Pipeline.GoingBack.ASSIGNER and not _may_assign(opportunity, by):
        raise Refused(_("Only who may assign this opportunity puts it back. Ask your supervisor."), reason="going_back")


def _refuse_way(gate: StageGate, opportunity: "Opportunity", target: Stage, by: Any, now: datetime.datetime) -> None:
    ways = {"source": opportunity.stage, "target": target}
    if gate.is_closed:
        raise Refused(_("Nothing goes from “%(source)s” to “%(target)s”.") % ways, reason="closed")
    if gate.open_to and by is not None and not access.holds_role(by, gate.open_to):
        names = access.role_names()
        told = ", ".join(names[pk] for pk in gate.open_to if pk in names)
        raise Refused(
            _("The step to “%(target)s” is taken by: %(roles)s.") % {**ways, "roles": told}, reason="who",
        )  # fmt: skip
    days = opportunity.days_in_stage(now)
    if gate.within_days and days > gate.within_days and not _may_assign(opportunity, by):
        text = ngettext(
            "After more than %(days)d day in “%(source)s” only who may assign this opportunity takes the step.",
            "After more than %(days)d days in “%(source)s” only who may assign this opportunity takes the step.",
            gate.within_days,
        )
        raise Refused(text % {**ways, "days": gate.within_days}, reason="late", days=days)


def _may_assign(opportunity: "Opportunity", by: Any) -> bool:
    return by is None or access.covers(by, opportunity, "assign")


def _has(opportunity: "Opportunity", need: StageGate.Need) -> bool:
    if need == StageGate.Need.PRODUCTS:
        return opportunity.lines.exists()
    if need in (StageGate.Need.CUSTOMER, StageGate.Need.CONTACT):
        return getattr(opportunity, f"{need.value}_id") is not None
    return getattr(opportunity, need.value) not in (None, "")
