"""The measure *won*: the amount of opportunities won, by close date, for those who closed them."""

from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
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
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from reports.asked import Asked
from reports.contribution import Measure
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
NUMERIC = DecimalField(max_digits=30, decimal_places=10)


def groups(user: Any, asked: Asked) -> QuerySet:
    rows = won(user, asked)
    if asked.by == "product":
        return _by_product(rows)
    key, label = _columns()[asked.by]
    return (
        rows.order_by()
        .values(key=F(key) if isinstance(key, str) else key, label=label)
        .annotate(value=Sum("amount_company", default=0), facts=Count("pk"))
        .filter(facts__gt=0)
    )


def won(user: Any, asked: Asked) -> QuerySet:
    rows = Opportunity.objects.visible_to(user).filter(asked.period.covers("closed_on"), state=OpportunityState.WON)
    rows = rows.filter(asked.held("owner_at_close", "team_at_close"))
    return rows.filter(pipeline=asked.pipeline) if asked.pipeline else rows


def _columns() -> dict[str, tuple[str, Any]]:
    """dimension → the column that groups, and the words for it."""
    region = f"customer__region__name{ {'zh-hans': '_zh', 'ru': '_ru'}.get(get_language() or '', '') }"
    return {
        "customer": ("customer_id", F("customer__name")),
        "person": ("owner_at_close_id", F("owner_at_close__name")),
        "team": ("team_at_close_id", F("team_at_close__name")),
        "manager": ("team_at_close__supervisor_id", F("team_at_close__supervisor__name")),
        "region": regions("team_at_close_id"),
        "customer_region": ("customer__region_id", F(region)),
        "country": ("customer__country", F("customer__country")),
    }


def regions(team: str) -> tuple[Case, Case]:
    """The top of the team tree above the team in the column ``team``, and its name."""
    roots = Team.below_roots()
    key = [When(**{f"{team}__in": ids}, then=Value(root.pk)) for root, ids in roots.items()]
    label = [When(**{f"{team}__in": ids}, then=Value(root.name)) for root, ids in roots.items()]
    return Case(*key, output_field=BigIntegerField()), Case(*label, output_field=CharField())


def _by_product(rows: QuerySet) -> QuerySet:
    """An amount is shared by the opportunity's products as their lines are; evenly where no line has an amount."""
    all_lines = OpportunityLine.objects.order_by()  # unscoped: narrowed to rows within reach
    siblings = all_lines.filter(opportunity=OuterRef("opportunity")).values("opportunity")
    lines = all_lines.filter(opportunity__in=rows.order_by().values("pk")).annotate(
        of_all=Subquery(siblings.annotate(x=Sum("amount")).values("x"), output_field=NUMERIC),
        count=Subquery(siblings.annotate(x=Count("pk")).values("x"), output_field=NUMERIC),
    )
    part = Case(
        When(of_all__gt=0, then=Coalesce("amount", Value(0), output_field=NUMERIC) / F("of_all")),
        default=Value(Decimal("1.0"), output_field=NUMERIC) / F("count"),
        output_field=NUMERIC,
    )
    value = ExpressionWrapper(F("opportunity__amount_company") * part, output_field=NUMERIC)
    with_products = lines.values(key=F("product_id"), label=F("product__name")).annotate(
        value=Sum(value), facts=Count("opportunity_id", distinct=True)
    )
    return with_products.union(_without_products(rows), all=True)


def _without_products(rows: QuerySet) -> QuerySet:
    """What was won without naming a product: a row of its own, so that the total is the same by every dimension."""
    lines = OpportunityLine.objects.filter(opportunity=OuterRef("pk"))  # unscoped: of rows within reach
    has_lines = Exists(lines)
    nothing = Value(None, output_field=BigIntegerField())
    grouped = rows.filter(~has_lines).order_by().annotate(key=nothing, label=Value("")).values("key", "label")
    return grouped.annotate(value=Sum("amount_company", default=0), facts=Count("pk")).filter(facts__gt=0)


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


WON = Measure(_("Opportunities won"), groups, list_behind)
