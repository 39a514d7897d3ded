"""What opportunities and orders say about a customer, for the rules of pools and segments."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from customers.conditions import EXEMPTS, RESETS_ORDER_CLOCK, Condition, conditions
from sales.models import Opportunity, Order, Stage


def add_conditions() -> None:
    conditions.add(
        "open_opportunity",
        Condition(_("an open opportunity"), open_opportunity, EXEMPTS, choices=stage_choices),
    )
    conditions.add("open_order", Condition(_("an open order or instalment"), lambda _choice: open_order(), EXEMPTS))
    conditions.add(
        "won_opportunity",
        Condition(_("a won opportunity"), lambda _choice: last_won_on(), RESETS_ORDER_CLOCK, is_date=True),
    )


def open_opportunity(stage: Any = None) -> Exists:
    """Whether an opportunity is open at all, or stands in this stage of its pipeline or beyond."""
    rows = Opportunity.objects.open().filter(customer=OuterRef("pk"))
    if stage:
        place = Stage.objects.filter(pk=stage)
        rows = rows.filter(pipeline__in=place.values("pipeline"), stage__order__gte=Subquery(place.values("order")[:1]))
    return Exists(rows)


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
