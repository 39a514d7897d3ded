"""Rows of kind ``report``: figures of the default period for one who sees all, against bare SQL with the same figures.

The whole page is measured too: against the bare view after the same SQL, and never above 300 ms of CPU.
"""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.management.bench.floors import Floor, address_of
from crm.management.bench.report_floors import (
    GROUPS,
    bare_contribution,
    bare_funnel,
    bare_leads,
    bare_way,
)
from crm.management.bench.rows import LIMITS, Pair, Row, rows
from crm.management.bench.visitor import visitor
from customers.models import Customer
from reports.asked import Asked, AskedForm
from reports.contribution import Contribution, contribution
from reports.funnel import Funnel, funnel
from reports.leads import LeadAnalysis, analyse
from reports.register import reports
from reports.way import Way, whole_way

MOST_MS = 300
CENT = Decimal("0.01")


def register() -> None:
    rows.add("report.funnel", Row("report.funnel", "report", "the funnel's figures", _funnel))
    _add_page("funnel", "")
    rows.add("report.way", Row("report.way", "report", "the figures of the whole way", _way))
    _add_page("way", "")
    rows.add("report.leads", Row("report.leads", "report", "the figures of leads by source", _leads))
    _add_page("leads", "")
    for measure, by in GROUPS:
        name = f"report.contribution.{measure}.{by}"
        about = f"the contribution of {measure} by {by}"
        rows.add(name, Row(name, "report", about, lambda measure=measure, by=by: _contribution(measure, by)))
    for measure in dict.fromkeys(measure for measure, _by in GROUPS):
        _add_page("contribution", f"measure={measure}")


def _add_page(report: str, query: str) -> None:
    name = f"report.{report}.page{query.replace('measure=', '.')}"
    about = f"the whole page of {report} {query}"
    row = Row(
        name, "report", about, lambda: _page(report, query), limit=LIMITS["composed"], most_ms=MOST_MS,
    )  # fmt: skip
    rows.add(name, row)


def _funnel() -> Pair | None:
    user, asked = visitor("erin").user, _asked("funnel", "")
    return Pair(
        lambda _: funnel(user, asked),
        lambda _: bare_funnel(asked),
        same=lambda ours, bare: _of_funnel(ours) == _of_bare_funnel(bare),
    )


def _of_funnel(found: Funnel) -> list[Any]:
    totals = found.totals
    days = {row.stage.pk: row.median_days for row in found.rows if row.stage and row.median_days is not None}
    standing = {row.stage.pk: (row.now, row.now_amount) for row in found.rows if row.stage and row.now}
    states = Counter({"won": totals.won, "lost": totals.lost, "open": totals.open})
    closed = (totals.closed_won, totals.closed_lost, totals.cycle_median)
    return [+states, totals.won_amount, standing, days, closed, totals.undated]


def _of_bare_funnel(found: list[list[tuple[Any, ...]]]) -> list[Any]:
    cohort, standing, days, [(won, lost, _mean, median)], [(undated,)] = found
    states: Counter[str] = Counter()
    for _pipeline, _stage, state, number, _amount in cohort:
        states[state] += number
    won_amount = sum((amount for *_key, state, _number, amount in cohort if state == "won"), Decimal(0))
    standing_by_stage = {stage: (number, amount) for stage, number, amount in standing}
    return [+states, won_amount, standing_by_stage, dict(days), (won, lost, median), undated]


def _way() -> Pair:
    user, asked = visitor("erin").user, _asked("way", "")
    return Pair(lambda _: whole_way(user, asked), lambda _: bare_way(asked), same=_is_same_way)


def _is_same_way(ours: Way, bare: list[tuple[Any, ...]]) -> bool:
    return [row.reached for row in ours.rows] == [sum(n for at, n in bare if at >= row.step) for row in ours.rows]


def _leads() -> Pair:
    user, asked = visitor("erin").user, _asked("leads", "")
    return Pair(lambda _: analyse(user, asked), lambda _: bare_leads(asked), same=_are_same_leads)


def _are_same_leads(ours: LeadAnalysis, bare: list[tuple[Any, ...]]) -> bool:
    """Sources and the sum of all, in no order; ``numbers`` begins with all and ends with won."""
    shown = [
        (row.key, row.count, *(n for name, n in row.numbers.items() if name != "all"), row.minutes, row.working_minutes,
         row.value)
        for row in (*ours.rows, ours.total)
    ]  # fmt: skip
    return sorted(shown, key=str) == sorted(bare, key=str)


def _contribution(measure: str, by: str) -> Pair:
    user, asked = visitor("erin").user, _asked("contribution", f"measure={measure}&by={by}")
    return Pair(
        lambda _: contribution(user, asked),
        lambda _: bare_contribution(asked),
        same=lambda ours, bare: _alike(_of_contribution(ours), _of_bare_contribution(bare)),
    )


def _of_contribution(found: Contribution) -> list[tuple[Any, ...]]:
    """(class or key, rows or documents, value)."""
    classes = [(item.grade, item.rows, item.value) for item in found.classes]
    return [*classes, *((str(row.key), row.facts, row.value) for row in found.rows)]


def _of_bare_contribution(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    classes = [(grade, number, value) for grade, key, number, value, _facts in found if key is None]
    return [*sorted(classes), *((key, facts, value) for _c, key, _n, value, facts in found if key is not None)]


def _alike(ours: list[tuple[Any, ...]], bare: list[tuple[Any, ...]]) -> bool:
    """Shares of lines are divided in another order, so that their last digits may differ."""
    return len(ours) == len(bare) and all(
        one[:2] == other[:2] and abs(one[2] - other[2]) < CENT for one, other in zip(ours, bare, strict=True)
    )


def _page(report: str, query: str) -> Pair:
    person, asked = visitor("erin"), _asked(report, query)
    url = f"/reports/{report}/?{query}" if query else f"/reports/{report}/"
    number = person.get(url).count("<tr")
    shown = Customer._base_manager.order_by("pk").values_list("name", "phone", "created_at")[:number]
    floor = address_of(Floor(report, shown, form=lambda *, user: _form(report, query, user)))

    def bare(_: Any) -> str:
        {"funnel": bare_funnel, "way": bare_way, "leads": bare_leads, "contribution": bare_contribution}[report](asked)
        return person.get(floor)

    return Pair(lambda _: person.get(url), bare)


def _asked(report: str, query: str) -> Asked:
    form = _form(report, query, visitor("erin").user)
    assert form.is_valid(), form.errors
    return form.asked()


def _form(report: str, query: str, user: Any) -> AskedForm:
    found = reports[report]
    data = dict(part.split("=") for part in query.split("&") if part)
    return AskedForm(data, user=user, report=found, now=timezone.now())
