"""Read-only assembly of the pages of pipelines: what stands where, and the gates in words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from crm.formats import current_formats
from sales.models import Opportunity, Pipeline, Stage, StageGate


@dataclass(frozen=True)
class PipelineRow:
    pipeline: Pipeline
    stages: str
    open: str


@dataclass(frozen=True)
class StageRow:
    stage: Stage
    open: str


@dataclass(frozen=True)
class Cell:
    """A way from a stage (None: any before) to another: ``words`` of its gate, "" without one."""

    source: Stage | None
    target: Stage
    words: str
    is_closed: bool
    is_back: bool

    @property
    def source_id(self) -> int:
        return self.source.pk if self.source else 0


def pipeline_rows() -> list[PipelineRow]:
    held = _counts("pipeline_id")
    formats = current_formats()
    return [
        PipelineRow(
            pipeline,
            " → ".join(stage.label for stage in pipeline.stages.all() if not stage.is_retired),
            formats.number(held.get(pipeline.pk, 0)),
        )
        for pipeline in Pipeline.objects.prefetch_related("stages").order_by("order", "name", "pk")
    ]


def stage_rows(pipeline: Pipeline) -> tuple[list[StageRow], list[StageRow]]:
    """The offered and the retired ones, with how many stand open there."""
    held, formats = _counts("stage_id", pipeline=pipeline), current_formats()
    rows = [StageRow(stage, formats.number(held.get(stage.pk, 0))) for stage in _stages(pipeline)]
    return [row for row in rows if not row.stage.is_retired], [row for row in rows if row.stage.is_retired]


def gate_table(pipeline: Pipeline) -> list[tuple[Stage | None, list[Cell | None]]]:
    """One row per stage to come from, "any before" first, one cell per stage to go to; None on the diagonal."""
    stages = [stage for stage in _stages(pipeline) if not stage.is_retired]
    gates = {(gate.source_id, gate.target_id): gate for gate in StageGate.objects.filter(target__in=stages)}
    roles = access.role_names()

    def cell(source: Stage | None, target: Stage) -> Cell | None:
        if source is not None and source.pk == target.pk:
            return None
        gate = gates.get((source.pk if source else None, target.pk))
        is_back = source is not None and target.order < source.order
        return Cell(source, target, gate_in_words(gate, roles), bool(gate and gate.is_closed), is_back)

    sources: list[Stage | None] = [None, *stages]
    return [(source, [cell(source, target) for target in stages]) for source in sources]


def gate_in_words(gate: StageGate | None, roles: dict[int, str]) -> str:
    """``"customer, amount · Sales supervisor · within 14 days"``; "" for a way that asks nothing."""
    if gate is None:
        return ""
    if gate.is_closed:
        return _("closed")
    needs = ", ".join(str(need.label) for need in StageGate.Need if need.value in gate.needs)
    who = ", ".join(roles[pk] for pk in gate.open_to if pk in roles)
    days = ""
    if gate.within_days:
        days = ngettext("within %(days)d day", "within %(days)d days", gate.within_days) % {"days": gate.within_days}
    return " · ".join(part for part in (needs, who, days) if part)


def _stages(pipeline: Pipeline) -> list[Stage]:
    return list(pipeline.stages.select_related("retired_into").order_by("order", "pk"))


def _counts(by: str, **where: Any) -> dict[int, int]:
    """Of the whole company: the page is for those who rule over all of it."""
    rows = Opportunity.objects.open().filter(**where).order_by().values_list(by)
    return dict(rows.annotate(many=Count("pk")))
