"""The board as its template prints it: the filters that were asked for, and cards as finished strings."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Company
from crm.formats import Formats, current_formats
from sales.board import CLOSES, Board, Column, Key, closing
from sales.card import CardWriter
from sales.models import Pipeline, Stage

CLOSE_LABELS = {
    "overdue": gettext_lazy("overdue"),
    "month": gettext_lazy("until the end of this month"),
    "quarter": gettext_lazy("until the end of this quarter"),
    "later": gettext_lazy("after this quarter"),
    "none": gettext_lazy("without a date"),
}


@dataclass(frozen=True)
class ShownColumn:
    """``total``: "" where it is not known yet."""

    stage: Stage
    count: str
    total: str
    cards: SafeString
    more: str


class BoardPage:
    """What one request asks of the board. ``data``: the query of its address."""

    def __init__(self, user: Any, data: QueryDict, *, now: datetime.datetime | None = None) -> None:
        self.user, self.now = user, now or timezone.now()
        self.company = Company.get()
        self.today = self.now.astimezone(self.company.zone).date()
        self.formats: Formats = current_formats()
        self.pipelines = list(Pipeline.objects.active().prefetch_related("stages"))
        self.pipeline = _chosen(self.pipelines, data.get("pipeline", ""))
        owner = data.get("owner", "")
        self.owner = int(owner) if owner.isdecimal() and len(owner) < 19 else None
        self.close = data.get("close", "") if data.get("close", "") in CLOSES else ""
        self.is_exact = data.get("sums") == "exact"
        self.board = Board(user, self.pipeline, self._narrow) if self.pipeline else None
        self.may_change = access.allows(user, "change", "opportunity")

    def _narrow(self, rows: models.QuerySet) -> models.QuerySet:
        if self.owner:
            rows = rows.filter(owner_id=self.owner)
        return rows.filter(closing(self.close, self.today)) if self.close else rows

    @property
    def is_filtered(self) -> bool:
        return bool(self.owner or self.close)

    @property
    def query(self) -> str:
        """The address of this board: travels with each move, so that the heads are summed up alike."""
        query = QueryDict(mutable=True)
        first = self.pipelines[0] if self.pipelines else None
        if self.pipeline and self.pipeline is not first:
            query["pipeline"] = str(self.pipeline.pk)
        if self.owner:
            query["owner"] = str(self.owner)
        if self.close:
            query["close"] = self.close
        return query.urlencode()

    @property
    def closes(self) -> list[tuple[str, Any]]:
        return [(code, CLOSE_LABELS[code]) for code in CLOSES]

    def owners(self) -> SafeString:
        """The people to choose from as options, or "" where there is only one; a template takes long over hundreds."""
        people = access.people_in_reach(self.user, "opportunity")
        found = people.order_by("name", "id").values_list("pk", "name")
        options = [(pk, mark_safe(" selected") if pk == self.owner else "", name) for pk, name in found]
        return format_html_join("", '<option value="{}"{}>{}</option>', options if len(options) > 1 else ())

    def full(self) -> dict[str, Any]:
        """Columns with their first cards, and the figures of the whole board."""
        return self._context(self.board.columns(exactly=self.is_exact) if self.board else [])

    def heads(self) -> dict[str, Any]:
        """The same without cards and exactly, however many there are: what changes when one of them moves."""
        return self._context(self.board.heads() if self.board else [])

    def further(self, stage: Stage, after: str) -> ShownColumn:
        assert self.board
        return self.shown(self.board.further(stage, Key.read(after)))

    def card(self, pk: int) -> tuple[int, SafeString] | None:
        """A card as it stands on this board, with its stage, or None when it does not."""
        row = self.board.card(pk) if self.board else None
        if row is None or self.board is None:
            return None
        stage = next(stage for stage in self.board.stages if stage.pk == row["stage_id"])
        return stage.pk, self._cards.write(row, stage, takes_focus=True)

    @cached_property
    def _cards(self) -> CardWriter:
        return CardWriter(self.formats, now=self.now, today=self.today, may_change=self.may_change, query=self.query)

    def _context(self, columns: list[Column]) -> dict[str, Any]:
        """``total`` and ``weighted`` are "" while one of the columns is not summed up."""
        count = self.formats.number(sum(column.count for column in columns))
        context = {"columns": [self.shown(column) for column in columns], "count": count, "total": "", "weighted": ""}
        known = [(column.stage, column.total) for column in columns if column.total is not None]
        if len(known) < len(columns):
            return {**context, "count": f"{count}+"}
        total = sum((total for _stage, total in known), Decimal(0))
        weighted = sum((total * stage.probability / 100 for stage, total in known), Decimal(0))
        return {**context, "total": self._money(total), "weighted": self._money(weighted)}

    def shown(self, column: Column) -> ShownColumn:
        cards = mark_safe("\n".join(self._cards.write(card, column.stage) for card in column.cards))
        count = self.formats.number(column.count)
        if column.total is None:
            return ShownColumn(column.stage, f"{count}+", "", cards, column.more)
        return ShownColumn(column.stage, count, self._money(column.total), cards, column.more)

    def _money(self, amount: Decimal) -> str:
        return self.formats.money(amount, self.company.currency)


def _chosen(pipelines: list[Pipeline], asked: str) -> Pipeline | None:
    first = pipelines[0] if pipelines else None
    return next((pipeline for pipeline in pipelines if str(pipeline.pk) == asked), first)
