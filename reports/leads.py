"""The analysis of leads: of those that were entered in a period, how many were contacted (in time), qualified,
converted, lost and won, and what they brought; by source, rule, person, team, campaign or month.

A cohort by the day of entry in the company's zone. Person and team are those who hold the lead, or held it when it was
closed. What a lead brought is the amount of the opportunity that its conversion opened, once it is won, in the
company's currency at the rate of its date.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, DecimalField, ExpressionWrapper, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Company
from crm.lists.branches import branches_of, fetch, union_all
from leads.models import Lead
from leads.reached import LABELS, conditions, won_by
from records.models import DictionaryEntry
from reports.asked import Asked
from reports.funnel import share
from reports.lead_keys import KEYS
from reports.lists import list_url

PAGE = 50
FACTS = tuple(code for code in LABELS if code != "won")


@dataclass(frozen=True)
class LeadRow:
    """``numbers``: how many leads came so far, by the codes of leads.reached, and *all*; ``lists``: their addresses.

    ``minutes`` and ``working_minutes`` are medians until the first contact, of the leads of which they are known.
    ``value`` in the company's currency.
    """

    key: Any
    label: str
    numbers: dict[str, int]
    minutes: float | None
    working_minutes: float | None
    value: Decimal
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.numbers["all"]

    @property
    def hours(self) -> float | None:
        return None if self.minutes is None else self.minutes / 60

    @property
    def working_hours(self) -> float | None:
        return None if self.working_minutes is None else self.working_minutes / 60

    @property
    def in_time(self) -> float | None:
        """Share of those whose limit was met or missed."""
        return share(self.numbers["in_time"], self.numbers["in_time"] + self.numbers["late"])

    @property
    def conversion(self) -> float | None:
        return share(self.numbers["converted"], self.count)


@dataclass(frozen=True)
class LostRow:
    label: str
    number: int
    share: float | None
    list: str


@dataclass(frozen=True)
class LeadAnalysis:
    """``rows``: those of the page, the largest first, months in their order; ``total`` over all ``groups``."""

    rows: list[LeadRow]
    total: LeadRow
    lost: list[LostRow]
    groups: int
    page: int = 1
    size: int = PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.groups // self.size))


def analyse(user: Any, asked: Asked, *, whole: bool = False) -> LeadAnalysis:
    """Within the viewer's reach of leads; what is won, within her reach of opportunities."""
    found = fetch(*_statement(user, asked, timezone.now()))
    groups = [(key, numbers) for kind, key, _reason, *numbers in found if kind == _BY_KEY]
    lost = [(reason, numbers[FACTS.index("lost") + 1]) for kind, _key, reason, *numbers in found if kind == _BY_REASON]
    totals = next((numbers for kind, _key, _reason, *numbers in found if kind == _BY_NOTHING), _NOTHING)
    groups.sort(key=_place(asked))
    size = len(groups) or 1 if whole else PAGE
    shown = groups if whole else groups[(asked.page - 1) * size : asked.page * size]
    total = _row(asked, None, "", totals)
    return LeadAnalysis(
        _rows(asked, shown), total, _lost(asked, lost, total.numbers["lost"]), len(groups), asked.page, size
    )


# grouping(): a bit for each of key and reason that the row does not stand for.
_BY_KEY, _BY_REASON, _BY_NOTHING = 1, 2, 3
_NOTHING: list[Any] = [0, *(0 for _fact in FACTS), 0, None, None, Decimal(0)]
_SUMMED = """
SELECT grouping(key, reason), key, reason, count(*), {facts}, count(*) FILTER (WHERE value IS NOT NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), percentile_cont(0.5) WITHIN GROUP (ORDER BY working),
       coalesce(sum(value), 0)
FROM ({rows}) t(key, reason, minutes, working, {names}, value) GROUP BY GROUPING SETS ((key), (reason), ())
"""


def _statement(user: Any, asked: Asked, now: datetime) -> tuple[str, list[Any]]:
    """One walk of each reach unit; facts are columns, so that they are asked once for all groupings."""
    facts = conditions(now)
    columns = {f"is_{name}": ExpressionWrapper(facts[name], output_field=BooleanField()) for name in FACTS}
    entered = asked.period.covers_moment("created_at", Company.get().zone)
    won = won_by(user).filter(pk=OuterRef("opportunity_id")).order_by()
    brought = won.values(brought=Coalesce("amount_company", Value(Decimal(0)), output_field=_AMOUNT))

    def narrow(rows: QuerySet) -> QuerySet:
        rows = rows.filter(entered, asked.held()).order_by()
        rows = rows.annotate(key=KEYS[asked.by].column(), **columns, brought=Subquery(brought, output_field=_AMOUNT))
        return rows.values_list(
            "key", "lost_reason_id", "contact_minutes", "contact_working_minutes", *columns, "brought"
        )

    branches = [branch.narrowed(narrow) for branch in branches_of(user, Lead)]
    if not branches:
        return "SELECT 0 WHERE false", []
    sql, params = union_all(branches)
    counted = ", ".join(f"count(*) FILTER (WHERE {name})" for name in columns)
    return _SUMMED.format(rows=sql, names=", ".join(columns), facts=counted), params


_AMOUNT = DecimalField(max_digits=18, decimal_places=4)


def _place(asked: Asked) -> Any:
    if asked.by == "month":
        return lambda group: group[0]
    return lambda group: (-group[1][0], group[0] is None, str(group[0]))


def _rows(asked: Asked, groups: Iterable[tuple[Any, list[Any]]]) -> list[LeadRow]:
    groups = list(groups)
    names = KEYS[asked.by].names([key for key, _numbers in groups if key is not None])
    return [_row(asked, key, names.get(key, ""), numbers, is_group=True) for key, numbers in groups]


def _row(asked: Asked, key: Any, label: str, found: list[Any], *, is_group: bool = False) -> LeadRow:
    count, *facts, won, minutes, working, value = found
    numbers = {"all": count, **dict(zip(FACTS, facts, strict=True)), "won": won}
    narrowed = KEYS[asked.by].filters(key, asked) if is_group else {}
    lists = {code: _list_of(asked, narrowed, code) for code in numbers}
    return LeadRow(key, label, numbers, minutes, working, Decimal(value), lists)


def _list_of(asked: Asked, narrowed: dict[str, Any], code: str, **more: Any) -> str:
    params = {**asked.period.params("entered"), **asked.params(), **narrowed, **more}
    return list_url("leads", **params, **({} if code == "all" else {"came": code}))


def _lost(asked: Asked, found: list[tuple[Any, int]], total: int) -> list[LostRow]:
    found = sorted((item for item in found if item[0] and item[1]), key=lambda item: (-item[1], item[0]))
    rows = DictionaryEntry.objects.order_by("pk")  # unscoped: choices are named for everybody
    names = {one.pk: one.label for one in rows.filter(pk__in=[pk for pk, _n in found])}
    return [
        LostRow(names[pk], number, share(number, total), _list_of(asked, {}, "lost", lost_reason=pk))
        for pk, number in found
    ]
