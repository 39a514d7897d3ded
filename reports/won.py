"""The measure *won*: the amount of opportunities won, by close date, for those who closed them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from reports.asked import Asked
from reports.contribution import Measure
from reports.dimensions import region_of
from reports.lists import list_url
from sales.models import Opportunity, OpportunityLine
from sales.states import OpportunityState

FILTERS = {
    "customer": "customer",
    "product": "product",
    "person": "closed_by",
    "team": "closed_team",
    "manager": "closed_under",
    "region": "closed_region",
    "customer_region": "region",
    "country": "country",
}
KEYS = {
    "customer": "customer_id",
    "person": "owner_at_close_id",
    "team": "team_at_close_id",
    "manager": "team_at_close__supervisor_id",
    "customer_region": "customer__region_id",
    "country": "customer__country",
}
NUMERIC = DecimalField(max_digits=30, decimal_places=10)


def pieces(user: Any, asked: Asked) -> Iterator[QuerySet]:
    rows = won(user, asked)
    if asked.by == "product":
        yield _by_product(rows)
        yield _without_products(rows)
        return
    key = region_of("team_at_close_id") if asked.by == "region" else F(KEYS[asked.by])
    yield rows.order_by().values(key=key).annotate(value=Sum("amount_company", default=0), facts=Count("*"))


def won(user: Any, asked: Asked) -> QuerySet:
    rows = Opportunity.objects.visible_to(user).filter(asked.period.covers("closed_on"), state=OpportunityState.WON)
    rows = rows.filter(asked.held("owner_at_close", "team_at_close"))
    return rows.filter(pipeline=asked.pipeline) if asked.pipeline else rows


def _by_product(rows: QuerySet) -> QuerySet:
    """An amount is shared by the opportunity's products as their lines are; evenly where no line has an amount."""
    all_lines = OpportunityLine.objects.order_by()  # unscoped: narrowed to rows within reach
    siblings = all_lines.filter(opportunity=OuterRef("opportunity")).values("opportunity")
    lines = all_lines.filter(opportunity__in=rows.order_by().values("pk")).annotate(
        of_all=Subquery(siblings.annotate(x=Sum("amount")).values("x"), output_field=NUMERIC),
        count=Subquery(siblings.annotate(x=Count("*")).values("x"), output_field=NUMERIC),
    )
    part = Case(
        When(of_all__gt=0, then=Coalesce("amount", Value(0), output_field=NUMERIC) / F("of_all")),
        default=Value(Decimal("1.0"), output_field=NUMERIC) / F("count"),
        output_field=NUMERIC,
    )
    value = ExpressionWrapper(F("opportunity__amount_company") * part, output_field=NUMERIC)
    counted = Count("opportunity_id", distinct=True)
    return lines.values(key=F("product_id")).annotate(value=Sum(value), facts=counted)


def _without_products(rows: QuerySet) -> QuerySet:
    """What was won without naming a product: a row of its own, so that the total is the same by every dimension."""
    lines = OpportunityLine.objects.filter(opportunity=OuterRef("pk"))  # unscoped: of rows within reach
    nothing = Value(None, output_field=BigIntegerField())
    grouped = rows.filter(~Exists(lines)).order_by().annotate(key=nothing).values("key")
    return grouped.annotate(value=Sum("amount_company", default=0), facts=Count("*")).filter(facts__gt=0)


def list_behind(asked: Asked, key: Any) -> str:
    if key in (None, ""):
        return ""
    params = {**asked.period.params("closed"), "dated": "closed", "state": "won", **asked.params()}
    for here, there in (("owner", "closed_by"), ("team", "closed_region")):
        if here in params:
            params[there] = params.pop(here)
    if params.get(FILTERS[asked.by]) not in (None, key):
        return ""
    return list_url("opportunities", **{**params, FILTERS[asked.by]: key})


WON = Measure(_("Opportunities won"), pieces, list_behind, (("view", "opportunity"),))
