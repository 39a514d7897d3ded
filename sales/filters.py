"""The filters of the lists of this room."""

from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from crm.lists.filter_fields import (
    BelongingFilter,
    ChoicesFilter,
    DaysFilter,
    EntryFilter,
    PersonFilter,
    RecordFilter,
    StampedPersonFilter,
    TagFilter,
    YesNoFilter,
)
from crm.lists.filters import ListFilters
from sales.models import OpportunityLine, Pipeline, Stage
from sales.states import OpportunityState


class ByIdFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of some records, by their ids: one IN, which an index takes."""

    def filter(self, rows: models.QuerySet, chosen: Any) -> models.QuerySet:
        ids = [each.pk for each in chosen]
        return rows.filter(**{f"{self.field_name}_id__in": ids}) if ids else rows


class ProductFilter(RecordFilter):
    """Opportunities with this product."""

    def filter(self, rows: models.QuerySet, product: Any) -> models.QuerySet:
        if product is None:
            return rows
        lines = OpportunityLine.objects.filter(product=product)  # unscoped: narrows rows within reach
        return rows.filter(pk__in=lines.values("opportunity_id"))


class ReachedFilter(django_filters.ModelChoiceFilter):
    """Those that ever stood in a stage of the pipeline or beyond it; a won one has reached all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        stages = Stage.objects.order_by("pipeline_id", "order")  # unscoped: for all
        super().__init__(*args, queryset=stages, **kwargs)

    def filter(self, rows: models.QuerySet, stage: Any) -> models.QuerySet:
        if stage is None:
            return rows
        further = Stage.objects.filter(pipeline=stage.pipeline_id, order__gte=stage.order)  # unscoped: for all
        reached = models.Q(state=OpportunityState.WON) | models.Q(furthest_stage__in=list(further))
        return rows.filter(reached, pipeline=stage.pipeline_id)


class TeamFilter(django_filters.ModelChoiceFilter):
    """Those of a team, ``deep`` with all teams below it."""

    def __init__(self, *args: Any, deep: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, queryset=Team.objects.order_by("name", "id"), **kwargs)  # unscoped: for all
        self.deep = deep

    def filter(self, rows: models.QuerySet, team: Any) -> models.QuerySet:
        if team is None:
            return rows
        ids = team.ids_with_below() if self.deep else [team.pk]
        return rows.filter(**{f"{self.field_name}_id__in": ids})


class OpportunityFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=OpportunityState.choices)
    stage = ByIdFilter(label=_("Stage"), queryset=Stage.objects.order_by("pipeline_id", "order"))  # unscoped: for all
    owner = PersonFilter(kind="opportunity")
    pipeline = ByIdFilter(label=_("Pipeline"), queryset=Pipeline.objects.order_by("order", "name"))  # unscoped: for all
    close = DaysFilter(label=_("Close, past or expected"), field_name="ends_on")
    opened = DaysFilter(label=_("Opened"), field_name="opened_on")
    amount = django_filters.RangeFilter(label=_("Amount in the company's currency"), field_name="amount_company")
    source = EntryFilter(label=_("Source"), list="lead_source")
    lost_reason = EntryFilter(label=_("Reason of the loss"), list="opportunity_lost_reason")
    customer = BelongingFilter(label=_("Customer"), lookup="customer")
    product = ProductFilter(label=_("Product"), lookup="product")
    tag = TagFilter(kind="opportunity")
    # What figures of reports link to.
    closed = DaysFilter(label=_("Closed"), field_name="closed_on")
    closed_by = StampedPersonFilter(label=_("Closed by"), kind="opportunity", field_name="owner_at_close")
    reached = ReachedFilter(label=_("Reached the stage"))
    team = TeamFilter(label=_("Team"))
    closed_team = TeamFilter(label=_("Closed in team"), field_name="team_at_close", deep=False)
    closed_region = TeamFilter(label=_("Closed in team or below"), field_name="team_at_close")
    closed_under = StampedPersonFilter(
        label=_("Closed under supervisor"), kind="opportunity", field_name="team_at_close__supervisor"
    )
    country = django_filters.CharFilter(label=_("Country of the customer"), field_name="customer__country")
    region = EntryFilter(label=_("Region of the customer"), list="region", field_name="customer__region")
    dated = django_filters.ChoiceFilter(
        label=_("Has the date"), method="by_date",
        choices=[("opened", _("opened")), ("closed", _("closed")), ("none", _("not opened"))],
    )  # fmt: skip

    def by_date(self, rows: models.QuerySet, _name: str, code: str) -> models.QuerySet:
        if code == "none":
            return rows.filter(opened_on__isnull=True)
        return rows.filter(**{f"{code}_on__isnull": False})


class ProductFilters(ListFilters):
    category = EntryFilter(label=_("Series"), list="product_category")
    active = YesNoFilter(label=_("Can be offered"), field_name="is_active")
    priced = YesNoFilter(label=_("Has a price"), field_name="price", lookup_expr="isnull", turned=True)
