"""The funnel: what became of the opportunities that were opened in a period (PRODUCT §11).

An opportunity has reached every stage up to the furthest it stood in; a won one all of its pipeline. One without
``opened_on`` is in no period and is counted apart.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, Count, Q, QuerySet, Sum

from crm.lists.branches import branches_of, fetch, union_all
from reports.any_of import IsAny
from reports.asked import Asked
from reports.lists import list_url
from reports.median import Median
from sales.models import Opportunity, Stage, StageStay
from sales.states import OpportunityState


@dataclass(frozen=True)
class FunnelRow:
    """One stage, or the win (``stage`` None). ``reached`` ever; ``amount`` of those, in the company's currency.

    ``from_previous`` and ``overall`` are shares 0–1, None where there is nothing to divide by. ``median_days`` spent in
    the stage by those of the cohort that left it. ``now`` and ``now_amount``: the snapshot, open ones standing here.
    """

    pipeline: Any
    stage: Stage | None
    reached: int
    amount: Decimal
    from_previous: float | None
    overall: float | None
    median_days: float | None
    now: int
    now_amount: Decimal
    list: str
    now_list: str


@dataclass(frozen=True)
class FunnelTotals:
    """Of the cohort: ``created`` = ``won`` + ``lost`` + ``open``. ``win_rate`` by close date within the period.

    ``cycle_mean`` and ``cycle_median``: days from opening to close of those that closed in the period. ``undated``:
    opportunities without an opening date, which no cohort holds.
    """

    created: int
    won: int
    lost: int
    open: int
    won_amount: Decimal
    win_rate: float | None
    closed_won: int
    closed_lost: int
    cycle_mean: float | None
    cycle_median: float | None
    undated: int
    lists: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Funnel:
    rows: list[FunnelRow]
    totals: FunnelTotals


def funnel(user: Any, asked: Asked) -> Funnel:
    """Cohort and snapshot of the opportunities within the viewer's reach: pipelines one after the other."""
    mine = _asked_for(user, asked)
    cohort = mine.filter(asked.period.covers("opened_on"))
    counted = list(
        cohort.order_by()
        .values_list("pipeline_id", "furthest_stage_id", "state")
        .annotate(number=Count("*"), amount_of_all=Sum("amount_company", default=0))
    )
    return Funnel(_rows(user, asked, cohort, counted), _totals(asked, mine, counted))


def _asked_for(user: Any, asked: Asked) -> QuerySet:
    return _narrowed(Opportunity.objects.visible_to(user), asked)


def _narrowed(rows: QuerySet, asked: Asked) -> QuerySet:
    rows = rows.filter(asked.held())
    return rows.filter(pipeline=asked.pipeline) if asked.pipeline else rows


def _rows(user: Any, asked: Asked, cohort: QuerySet, counted: list[tuple]) -> list[FunnelRow]:
    standing = _standing(user, asked)
    days = _median_days(cohort)
    rows: list[FunnelRow] = []
    for pipeline, stages in _pipelines(counted, standing).items():
        rows += _rows_of_pipeline(asked, pipeline, stages, counted, standing, days)
    return rows


def _standing(user: Any, asked: Asked) -> dict[int, tuple[int, Decimal]]:
    """What is open now, by stage: no date narrows it, so each reach unit walks its own index."""

    def narrow(rows: QuerySet) -> QuerySet:
        found = _narrowed(rows.filter(state=OpportunityState.OPEN), asked)
        return found.order_by().values_list("stage_id", "amount_company")

    branches = [branch.narrowed(narrow) for branch in branches_of(user, Opportunity)]
    if not branches:
        return {}
    sql, params = union_all(branches)
    statement = f"SELECT stage, count(*), coalesce(sum(amount), 0) FROM ({sql}) t(stage, amount) GROUP BY 1"
    return {stage: (number, amount) for stage, number, amount in fetch(statement, params)}


def _pipelines(counted: list[tuple], standing: dict[int, tuple]) -> dict[Any, list[Stage]]:
    """The pipelines that have anything to show, with their stages in order."""
    with_cohort = {pipeline for pipeline, *_rest in counted}
    found: dict[Any, list[Stage]] = defaultdict(list)
    shown = Q(pipeline_id__in=with_cohort) | Q(pk__in=standing)
    wanted = Stage.objects.filter(shown).order_by().values("pipeline_id")  # unscoped: for all
    stages = Stage.objects.filter(pipeline_id__in=wanted).select_related("pipeline")  # unscoped: for all
    for stage in stages.order_by("pipeline__order", "pipeline_id", "order", "pk"):
        found[stage.pipeline].append(stage)
    return found


def _median_days(cohort: QuerySet) -> dict[int, float]:
    left = StageStay.objects.filter(left_at__isnull=False)  # unscoped: of the cohort, which is within reach
    of_cohort = left.filter(IsAny("opportunity_id", ArraySubquery(cohort.order_by().values("pk"))))
    return dict(of_cohort.order_by().values_list("stage_id").annotate(Median("days")))


def _rows_of_pipeline(
    asked: Asked, pipeline: Any, stages: list[Stage], counted: list[tuple], standing: dict[int, tuple],
    days: dict[int, float],
) -> list[FunnelRow]:  # fmt: skip
    place = {stage.pk: number for number, stage in enumerate(stages)}
    reached = [0] * (len(stages) + 1)
    amounts = [Decimal(0)] * (len(stages) + 1)
    for of, furthest, state, number, amount in counted:
        if of == pipeline.pk:
            last = len(stages) if state == OpportunityState.WON else place[furthest]
            for step in range(last + 1):
                reached[step] += number
                amounts[step] += amount
    rows: list[FunnelRow] = []
    before = 0  # the step shown last: a retired stage in which nothing stands is left out
    for step, stage in enumerate([*stages, None]):
        now, now_amount = standing.get(stage.pk, (0, Decimal(0))) if stage else (0, Decimal(0))
        if stage and stage.is_retired and not now:
            continue
        rows.append(
            FunnelRow(
                pipeline, stage, reached[step], amounts[step],
                share(reached[step], reached[before]) if rows else None, share(reached[step], reached[0]),
                days.get(stage.pk) if stage else None, now, now_amount,
                _list_of(asked, pipeline, reached=stage.pk) if stage else _list_of(asked, pipeline, state="won"),
                list_url("opportunities", **asked.params(), state="open", stage=stage.pk) if stage else "",
            )
        )  # fmt: skip
        before = step
    return rows


def _list_of(asked: Asked, pipeline: Any = None, **more: Any) -> str:
    params = asked.params() | ({"pipeline": pipeline.pk} if pipeline else {})
    return list_url("opportunities", **params, **asked.period.params("opened"), dated="opened", **more)


def _totals(asked: Asked, mine: QuerySet, counted: list[tuple]) -> FunnelTotals:
    by_state: dict[str, int] = defaultdict(int)
    for _pipeline, _stage, state, number, _amount in counted:
        by_state[state] += number
    won_amount = sum((amount for *_key, state, _n, amount in counted if state == OpportunityState.WON), Decimal(0))
    closed = mine.filter(asked.period.covers("closed_on")).aggregate(
        won=Count("state", filter=Q(state=OpportunityState.WON)),
        lost=Count("state", filter=Q(state=OpportunityState.LOST)),
        mean=Avg("cycle_days"),
        median=Median("cycle_days"),
    )
    return FunnelTotals(
        created=sum(by_state.values()),
        won=by_state[OpportunityState.WON],
        lost=by_state[OpportunityState.LOST],
        open=by_state[OpportunityState.OPEN],
        won_amount=won_amount,
        win_rate=share(closed["won"], closed["won"] + closed["lost"]),
        closed_won=closed["won"],
        closed_lost=closed["lost"],
        cycle_mean=None if closed["mean"] is None else float(closed["mean"]),
        cycle_median=closed["median"],
        undated=mine.filter(opened_on__isnull=True).count(),
        lists=_lists_of_totals(asked),
    )


def _lists_of_totals(asked: Asked) -> dict[str, str]:
    closed = {**asked.params(), **asked.period.params("closed"), "dated": "closed"}
    return {
        "created": _list_of(asked),
        **{state: _list_of(asked, state=state) for state in ("won", "lost", "open")},
        "closed_won": list_url("opportunities", **closed, state="won"),
        "closed_lost": list_url("opportunities", **closed, state="lost"),
        "undated": list_url("opportunities", **asked.params(), dated="none"),
    }


def share(part: int | Decimal, whole: int | Decimal) -> float | None:
    """``part`` of ``whole`` as 0–1; None of nothing."""
    return float(part) / float(whole) if whole else None
