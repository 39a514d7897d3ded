"""The funnel: what became of the opportunities that were opened in a period (PRODUCT §11).

An opportunity has reached every stage up to the furthest it stood in; a won one all of its pipeline. One without
``opened_on`` is in no period and is counted apart.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from crm.lists.branches import branches_of, fetch, union_all
from reports.asked import Asked
from reports.lists import list_url
from sales.models import Opportunity, Stage
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
    mine = _Mine(user, asked)
    counted = mine.summed(
        _COHORT, asked.period.covers("opened_on"), "pipeline_id", "furthest_stage_id", "state", "amount_company"
    )
    return Funnel(_rows(asked, mine, counted), _totals(asked, mine, counted))


class _Mine:
    """The opportunities asked for within the viewer's reach, each reach unit by its own index (crm.lists.branches)."""

    def __init__(self, user: Any, asked: Asked) -> None:
        self.asked = asked
        self.branches = branches_of(user, Opportunity)

    def summed(self, statement: str, which: Q, *columns: str) -> list[tuple]:
        """``statement`` over ``{rows}``: these columns of the rows that ``which`` keeps."""

        def narrow(rows: QuerySet) -> QuerySet:
            rows = rows.filter(self.asked.held(), which)
            rows = rows.filter(pipeline=self.asked.pipeline) if self.asked.pipeline else rows
            return rows.order_by().values_list(*columns)

        branches = [branch.narrowed(narrow) for branch in self.branches]
        if not branches:
            return []
        sql, params = union_all(branches)
        return fetch(statement.format(rows=sql), params)


def _rows(asked: Asked, mine: _Mine, counted: list[tuple]) -> list[FunnelRow]:
    standing = {stage: (number, amount) for stage, number, amount in mine.summed(
        _STANDING, Q(state=OpportunityState.OPEN), "stage_id", "amount_company",
    )}  # fmt: skip
    days = dict(mine.summed(_MEDIAN_DAYS, asked.period.covers("opened_on"), "pk"))
    rows: list[FunnelRow] = []
    for pipeline, stages in _pipelines(counted, standing).items():
        rows += _rows_of_pipeline(asked, pipeline, stages, counted, standing, days)
    return rows


_COHORT = """
SELECT pipeline, stage, state, count(*), coalesce(sum(amount), 0) FROM ({rows}) t(pipeline, stage, state, amount)
GROUP BY 1, 2, 3
"""
_STANDING = "SELECT stage, count(*), coalesce(sum(amount), 0) FROM ({rows}) t(stage, amount) GROUP BY 1"
# Ids as an array make one sorted walk of an index, where a join looks each up by itself or hashes the whole table: the
# stays of 45,000 opportunities among 2.5 million cost 99 instead of 168 ms of CPU, of 350,000 786 instead of 1,352.
_MEDIAN_DAYS = """
SELECT stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM sales_stagestay
WHERE left_at IS NOT NULL AND opportunity_id = ANY(ARRAY({rows})) GROUP BY 1
"""
_CLOSED = """
SELECT count(*) FILTER (WHERE state = 'won'), count(*) FILTER (WHERE state = 'lost'), avg(days),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM ({rows}) t(state, days)
"""


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


def _totals(asked: Asked, mine: _Mine, counted: list[tuple]) -> FunnelTotals:
    by_state: dict[str, int] = defaultdict(int)
    for _pipeline, _stage, state, number, _amount in counted:
        by_state[state] += number
    won_amount = sum((amount for *_key, state, _n, amount in counted if state == OpportunityState.WON), Decimal(0))
    closed = mine.summed(_CLOSED, asked.period.covers("closed_on"), "state", "cycle_days")
    closed_won, closed_lost, mean, median = closed[0] if closed else (0, 0, None, None)
    undated = mine.summed("SELECT count(*) FROM ({rows}) t", Q(opened_on__isnull=True), "pk")
    return FunnelTotals(
        created=sum(by_state.values()),
        won=by_state[OpportunityState.WON],
        lost=by_state[OpportunityState.LOST],
        open=by_state[OpportunityState.OPEN],
        won_amount=won_amount,
        win_rate=share(closed_won, closed_won + closed_lost),
        closed_won=closed_won,
        closed_lost=closed_lost,
        cycle_mean=None if mean is None else float(mean),
        cycle_median=median,
        undated=undated[0][0] if undated else 0,
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
