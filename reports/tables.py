"""A report as a table of plain values: what an export writes, column for column what the page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Company
from crm.money import round_money
from reports.asked import Asked
from reports.contribution import Contribution
from reports.dimensions import DIMENSIONS
from reports.funnel import Funnel
from reports.way import Way


@dataclass(frozen=True)
class Table:
    """Shares are numbers 0–1, amounts Decimals of the company's currency, which the head names."""

    heads: list[str]
    rows: list[list[Any]]

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self.rows)


def funnel_table(found: Funnel, asked: Asked) -> Table:
    currency = Company.get().currency
    heads = [
        _("Pipeline"), _("Stage"), _("Reached"), _("From the stage before"), _("Overall"), _of(_("Amount"), currency),
        _("Median days"), _("Here now"), _of(_("Amount now"), currency),
    ]  # fmt: skip
    rows = [
        [
            str(row.pipeline), str(row.stage) if row.stage else _("Won"), row.reached, row.from_previous, row.overall,
            round_money(row.amount, currency), row.median_days, row.now if row.stage else None,
            round_money(row.now_amount, currency) if row.stage else None,
        ]
        for row in found.rows
    ]  # fmt: skip
    return Table(heads, rows)


def way_table(found: Way, asked: Asked) -> Table:
    heads = [_("Step"), _("Reached"), _("From the step before"), _("Overall")]
    return Table(heads, [[str(row.label), row.reached, row.from_previous, row.overall] for row in found.rows])


def contribution_table(found: Contribution, asked: Asked) -> Table:
    currency = Company.get().currency
    heads = [
        "#", str(DIMENSIONS[asked.by].label), _of(_("Value"), currency), _("Count"), pgettext("figure", "Share"),
        _("Cumulative"), _("Class"),
    ]  # fmt: skip
    rows = [
        [
            row.place, row.label or _("not set"), round_money(row.value, currency), row.facts, row.share,
            row.cumulative, row.grade,
        ]
        for row in found.rows
    ]  # fmt: skip
    return Table(heads, rows)


def _of(head: str, currency: str) -> str:
    return f"{head}, {currency}"
