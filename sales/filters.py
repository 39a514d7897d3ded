"""The filters of the lists of this room."""

from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import (
    ChoicesFilter,
    DaysFilter,
    EntryFilter,
    PersonFilter,
    RecordFilter,
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
    customer = RecordFilter(label=_("Customer"), lookup="customer")
    product = ProductFilter(label=_("Product"), lookup="product")
    tag = TagFilter(kind="opportunity")


class ProductFilters(ListFilters):
    category = EntryFilter(label=_("Series"), list="product_category")
    active = YesNoFilter(label=_("Can be offered"), field_name="is_active")
    priced = YesNoFilter(label=_("Has a price"), field_name="price", lookup_expr="isnull", turned=True)
