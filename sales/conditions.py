"""What opportunities and orders say about a customer, for the rules of pools and segments."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from customers.conditions import EXEMPTS, RESETS_ORDER_CLOCK, Condition, conditions, sale_days
from sales.models import Opportunity, Order, Stage, StageStay


def add_conditions() -> None:
    conditions.add(
        "open_opportunity",
        Condition(_("an open opportunity"), open_opportunity, EXEMPTS, choices=stage_choices, over_time=was_open),
    )
    conditions.add("open_order", Condition(_("an open order or instalment"), lambda _choice: open_order(), EXEMPTS))
    conditions.add(
        "won_opportunity",
        Condition(_("a won opportunity"), lambda _choice: last_won_on(), RESETS_ORDER_CLOCK, is_date=True),
    )
    sale_days.add("orders", order_days)
    sale_days.add("won_opportunities", won_days)


def open_opportunity(stage: Any = None) -> Exists:
    """Whether an opportunity is open at all, or stands in this stage of its pipeline or beyond."""
    rows = Opportunity.objects.open().filter(customer=OuterRef("pk"))
    if stage:
        place = Stage.objects.filter(pk=stage)
        rows = rows.filter(pipeline__in=place.values("pipeline"), stage__order__gte=Subquery(place.values("order")[:1]))
    return Exists(rows)


def was_open(stage: Any = None) -> QuerySet:
    """From the day it was opened, or first stood in this stage or beyond, until it was won or lost."""
    rows = Opportunity.objects.live().filter(customer__isnull=False)
    if not stage:
        return rows.order_by().values_list("customer", Coalesce("opened_on", TruncDate("created_at")), "closed_on")
    place = Stage.objects.filter(pk=stage)
    stays = StageStay.objects.filter(
        opportunity__in=rows, stage__pipeline__in=place.values("pipeline"),
        stage__order__gte=Subquery(place.values("order")[:1]),
    )  # fmt: skip
    days = stays.order_by().values("opportunity").annotate(since=TruncDate(Min("entered_at")))
    return days.values_list("opportunity__customer", "since", "opportunity__closed_on")


def won_days() -> QuerySet:
    rows = Opportunity.objects.live().filter(customer__isnull=False, state="won", closed_on__isnull=False)
    return rows.order_by().values_list("customer", "closed_on")


def order_days() -> QuerySet:
    """Those that count today: an order cancelled since resets nothing."""
    return Order.objects.counted().order_by().values_list("customer", "confirmed_on")


def open_order() -> Exists:
    """Whether an order is begun and not delivered, or not paid."""
    return Exists(Order.objects.open().filter(customer=OuterRef("pk")))


def last_won_on() -> Subquery:
    won = Opportunity.objects.live().filter(customer=OuterRef("pk"), state="won")
    return Subquery(won.order_by("-closed_on").values("closed_on")[:1])


def stage_choices() -> Iterable[tuple[str, Any]]:
    """In words that follow what is kept: "an open opportunity, from “Sales: Offer” on"."""
    stages = Stage.objects.select_related("pipeline").order_by("pipeline__order", "pipeline_id", "order")
    return [
        (str(stage.pk), _("from “%(stage)s” on") % {"stage": f"{stage.pipeline.label}: {stage.label}"})
        for stage in stages
    ]
