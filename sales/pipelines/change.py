"""What is done with pipelines, stages and gates, each with an event that names who."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.log import log_event
from records.models import Event
from records.refusals import Refused
from sales.models import Opportunity, Pipeline, Stage, StageGate, StageStay

COPIED = (*Stage.EDITABLE, "order")

# An opportunity has reached what lies before the stage it stands in; after a new order that may be further than before.
_REACHED = """
UPDATE sales_opportunity o SET furthest_stage_id = o.stage_id FROM sales_stage here, sales_stage furthest
WHERE o.pipeline_id = %s AND here.id = o.stage_id AND furthest.id = o.furthest_stage_id
  AND here."order" > furthest."order"
"""


@transaction.atomic
def create_pipeline(*, by: Any, like: Pipeline, **names: Any) -> Pipeline:
    """With the offered stages and the gates of ``like``: a pipeline without stages would hold nothing."""
    last = Pipeline.objects.aggregate(last=Max("order"))["last"] or 0
    pipeline = Pipeline.objects.create(order=last + 10, **names)
    copies = {}
    for stage in like.stages.offered():
        values = {name: getattr(stage, name) for name in COPIED}
        copies[stage.pk] = Stage.objects.create(pipeline=pipeline, **values)
    for gate in StageGate.objects.filter(target__in=copies).filter(Q(source=None) | Q(source__in=copies)):
        values = {name: getattr(gate, name) for name in StageGate.EDITABLE}
        source = copies[gate.source_id] if gate.source_id else None
        StageGate.objects.create(source=source, target=copies[gate.target_id], **values)
    log_event("create", pipeline, by=by, facts={"like": like.pk})
    return pipeline


@transaction.atomic
def change_pipeline(pipeline: Pipeline, values: dict[str, Any], *, by: Any, opened: dict | None = None) -> Event | None:
    """One that is no longer offered holds nothing open, and another one remains."""
    pipeline.lock()
    if pipeline.is_active and values.get("is_active") is False:
        _refuse_open(pipeline)
        if not Pipeline.objects.active().exclude(pk=pipeline.pk).exists():
            raise Refused(_("This is the last pipeline that is offered."), reason="last")
    return pipeline.edit(values, by=by, opened=opened)


@transaction.atomic
def delete_pipeline(pipeline: Pipeline, *, by: Any) -> None:
    """Only one in which nothing ever stood; else it is switched off and kept for history."""
    pipeline.lock()
    if Opportunity.objects.filter(pipeline=pipeline).exists():
        raise Refused(_("Opportunities stood in this pipeline. Switch it off instead."), reason="used")
    if not Pipeline.objects.active().exclude(pk=pipeline.pk).exists():
        raise Refused(_("This is the last pipeline that is offered."), reason="last")
    log_event("delete", pipeline, by=by)
    Stage.objects.filter(pipeline=pipeline).update(retired_at=None, retired_into=None)
    Stage.objects.filter(pipeline=pipeline).delete()
    pipeline.delete()


@transaction.atomic
def order_pipelines(wanted: list[int], *, by: Any) -> None:
    """The first is where an opportunity goes that names none."""
    rows = Pipeline.objects.select_for_update().in_bulk()
    for place, pk in enumerate(wanted, start=1):
        if rows[pk].order != place * 10:
            Pipeline.objects.filter(pk=pk).update(order=place * 10)
            log_event("order", rows[pk], by=by, facts={"place": place})


@transaction.atomic
def add_stage(pipeline: Pipeline, *, by: Any, **values: Any) -> Stage:
    """At the end; moved from there."""
    pipeline.lock()
    last = pipeline.stages.aggregate(last=Max("order"))["last"] or 0
    stage = Stage.objects.create(pipeline=pipeline, order=last + 10, **values)
    log_event("create", stage, by=by, facts={"pipeline": pipeline.pk})
    return stage


@transaction.atomic
def order_stages(pipeline: Pipeline, wanted: list[int], *, by: Any) -> None:
    """``wanted``: the offered stages. Retired ones keep their places among them."""
    pipeline.lock()
    stages = list(pipeline.stages.select_for_update().all())
    coming = iter(wanted)
    by_pk = {stage.pk: stage for stage in stages}
    in_order = [stage if stage.is_retired else by_pk[next(coming)] for stage in stages]
    if in_order == stages:
        return
    for place, stage in enumerate(in_order, start=1):
        Stage.objects.filter(pk=stage.pk).update(order=place * 10)
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [pipeline.pk])
    log_event("order", pipeline, by=by, facts={"stages": wanted})


@transaction.atomic
def delete_stage(stage: Stage, *, by: Any) -> None:
    """Only one in which nothing ever stood; else it is retired."""
    stage.lock()
    used = Q(stage=stage) | Q(furthest_stage=stage)
    if Opportunity.objects.filter(used).exists() or StageStay.objects.filter(stage=stage).exists():
        raise Refused(_("Opportunities stood here. Retire the stage instead: history keeps it."), reason="used")
    if stage.heir_of.exists():
        raise Refused(_("A retired stage goes on here."), reason="heir")
    refuse_last(stage)
    log_event("delete", stage, by=by, facts={"pipeline": stage.pipeline_id})
    stage.delete()


def refuse_last(stage: Stage) -> None:
    if not stage.is_retired and not stage.pipeline.stages.offered().exclude(pk=stage.pk).exists():
        raise Refused(_("A pipeline keeps at least one stage."), reason="last")


@transaction.atomic
def set_gate(
    source: Stage | None, target: Stage, values: dict[str, Any], *, by: Any, opened: dict | None = None
) -> Event | None:
    """Makes or changes the gate of a transition; one that asks nothing is taken away."""
    target.lock()
    gate = StageGate.objects.filter(source=source, target=target).first()
    if not any(values.get(name) for name in StageGate.EDITABLE):
        return remove_gate(gate, by=by) if gate else None
    if gate is None:
        gate = StageGate.objects.create(source=source, target=target, **values)
        facts = {"source": gate.source_id, "target": target.pk}
        return log_event("create", gate, by=by, facts=facts)
    return gate.edit(values, by=by, opened=opened)


@transaction.atomic
def remove_gate(gate: StageGate, *, by: Any) -> Event:
    event = log_event("delete", gate, by=by, facts={"source": gate.source_id, "target": gate.target_id})
    gate.delete()
    return event


def _refuse_open(pipeline: Pipeline) -> None:
    number = Opportunity.objects.open().filter(pipeline=pipeline).count()
    if number:
        text = ngettext(
            "%(number)d open opportunity stands in this pipeline. Close or move it first.",
            "%(number)d open opportunities stand in this pipeline. Close or move them first.",
            number,
        )
        raise Refused(text % {"number": number}, reason="open", number=number)
