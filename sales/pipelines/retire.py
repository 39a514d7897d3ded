"""A stage retires: what is open there goes on in another stage, as a batch that can be taken back.

First the stage is closed, so that nothing enters any more; then the opportunities move, a portion per transaction. What
is left to move is derived from rows: a killed run goes on at the next tick.
"""

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records.jobs import Job, JobOutcome, jobs
from records.log import log_event
from records.models import Batch, Event
from records.refusals import Refused
from records.undo import UndoResult, undoers, who_changed_last
from sales.models import Opportunity, Stage
from sales.pipelines.change import refuse_last

VERB = "retire_stage"
JOB = "sales.empty_stages"
PORTION = 2_000
AT_ONCE = 2_000  # what the click itself moves; the clock does the rest

_LEAVE = """
UPDATE sales_stagestay SET left_at = greatest(entered_at, %(moment)s)
WHERE opportunity_id = ANY(%(ids)s) AND left_at IS NULL
"""
_MOVE = """
UPDATE sales_opportunity o SET stage_id = %(to)s, stage_since = %(moment)s, probability = %(probability)s,
    furthest_stage_id = CASE WHEN f."order" < %(place)s THEN %(to)s ELSE o.furthest_stage_id END
FROM sales_stage f WHERE f.id = o.furthest_stage_id AND o.id = ANY(%(ids)s)
"""
_ENTER = """
INSERT INTO sales_stagestay (opportunity_id, stage_id, entered_at) SELECT unnest(%(ids)s::bigint[]), %(to)s, %(moment)s
"""
_TELL = """
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
SELECT %(at)s, %(by)s, %(verb)s, 'opportunity', id, customer_id, %(batch)s,
       jsonb_build_object('stage', jsonb_build_array(%(from)s::bigint, %(to)s::bigint))
FROM sales_opportunity WHERE id = ANY(%(ids)s)
"""


def retire_stage(stage: Stage, into: Stage, *, by: Any, now: Any = None) -> Batch:
    """Refused for the last stage, into itself, another pipeline or a retired stage."""
    moment = now or timezone.now()
    batch = _close(stage, into, by, moment)
    moved = 0
    while moved < AT_ONCE and (ids := _move_portion(batch, stage, into, moment)):
        moved += len(ids)
    if not open_in(stage).exists():
        batch.finish()
    return batch


def open_in(stage: Stage) -> Any:
    """Also those in the trash: they may come back."""
    return Opportunity._base_manager.filter(stage=stage, state="open")


@transaction.atomic
def _close(stage: Stage, into: Stage, by: Any, moment: datetime.datetime) -> Batch:
    stage.lock()
    into.lock()
    if stage.is_retired:
        raise Refused(_("This stage is retired already."), reason="retired")
    if into.pk == stage.pk or into.pipeline_id != stage.pipeline_id or into.is_retired:
        raise Refused(_("Choose another stage of this pipeline that is in use."), reason="into")
    refuse_last(stage)
    stage.retired_at, stage.retired_into = moment, into
    stage.save(update_fields=["retired_at", "retired_into"])
    title = _("Stage “%(stage)s” retired") % {"stage": stage.name}
    params = {"stage": stage.pk, "into": into.pk, "now": moment.isoformat()}
    batch = Batch.start(VERB, by=by, title=title[:200], params=params)
    log_event("retire", stage, by=by, facts={"into": into.pk}, batch=batch)
    return batch


@transaction.atomic
def _move_portion(batch: Batch, stage: Stage, into: Stage, moment: datetime.datetime) -> list[int]:
    ids = list(open_in(stage).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:PORTION])
    if ids:
        _put(ids, stage, into, moment, by=batch.by, batch=batch.pk, verb="move")
        batch.count(moved=len(ids))
    return ids


def _put(
    ids: list[int], source: Stage, target: Stage, moment: datetime.datetime, *, by: Any, batch: int, verb: str
) -> None:
    told = {
        "ids": ids, "from": source.pk, "to": target.pk, "moment": moment, "probability": target.probability,
        "place": target.order, "at": timezone.now(), "by": by and by.pk, "batch": batch, "verb": verb,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_LEAVE, _MOVE, _ENTER, _TELL):
            cursor.execute(statement, told)


def empty_stages(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Goes on where a run stopped: what is open in a retired stage moves to its heir."""
    outcome = JobOutcome(lines=[], moved=0)
    for batch in Batch.objects.filter(verb=VERB, state=Batch.State.RUNNING).order_by("pk"):
        stage = Stage.objects.filter(pk=batch.params["stage"]).first()
        if stage is None or stage.retired_into is None:
            continue
        waiting = open_in(stage).count()
        if not dry_run:
            moment = datetime.datetime.fromisoformat(batch.params["now"])
            while _move_portion(batch, stage, stage.standing_in, moment):
                pass
            batch.finish()
        if waiting:
            text = ngettext("“%(stage)s”: %(number)d opportunity", "“%(stage)s”: %(number)d opportunities", waiting)
            outcome.lines.append(text % {"stage": stage.label, "number": waiting})
            outcome.moved += waiting
    return outcome


@transaction.atomic
def bring_back(stage: Stage, *, by: Any, batch: Any = None) -> Event:
    """Offered again; what moved on stays where it is."""
    stage.lock()
    if not stage.is_retired:
        raise Refused(_("This stage is not retired."), reason="offered")
    stage.retired_at = stage.retired_into = None
    stage.save(update_fields=["retired_at", "retired_into"])
    return log_event("bring_back", stage, by=by, batch=batch)


def undo_retirement(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """The stage is offered again; what still stands where the batch put it goes back."""
    stage = Stage.objects.get(pk=batch.params["stage"])
    moment = datetime.datetime.fromisoformat(batch.params["now"])
    if not dry_run and stage.is_retired:
        bring_back(stage, by=by)
    moved = list(batch.events.filter(verb="move").order_by("pk").values_list("subject_id", "facts"))
    result, left = UndoResult(), []
    for start in range(0, len(moved), PORTION):
        portion = moved[start : start + PORTION]
        back = _put_back(portion, stage, moment, batch, by=by, dry_run=dry_run)
        result.restored += len(back)
        left += sorted({pk for pk, _facts in portion} - set(back))
    earlier = Event.objects.filter(subject_kind="opportunity", subject_id__in=left, verb="undo", batch=batch)
    left = sorted(set(left) - set(earlier.values_list("subject_id", flat=True)))
    result.left = who_changed_last("opportunity", left, since=batch)
    return result


@transaction.atomic
def _put_back(
    portion: list[Any], stage: Stage, moment: datetime.datetime, batch: Batch, *, by: Any, dry_run: bool
) -> list[int]:
    back = []
    targets = {facts["stage"][1] for _pk, facts in portion}
    for target in Stage.objects.filter(pk__in=targets).order_by("pk"):
        ids = [pk for pk, facts in portion if facts["stage"][1] == target.pk]
        rows = open_in(target).filter(pk__in=ids, stage_since=moment).order_by("pk")
        held = list((rows if dry_run else rows.select_for_update(of=("self",))).values_list("pk", flat=True))
        if held and not dry_run:
            _put(held, target, stage, timezone.now(), by=by, batch=batch.pk, verb="undo")
        back += held
    return back


def add_retirement() -> None:
    undoers.add(VERB, undo_retirement)
    jobs.add(JOB, Job(empty_stages, 60, gettext_lazy("Opportunities leave retired stages")))
