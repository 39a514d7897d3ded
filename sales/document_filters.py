"""The filters of the lists of quotes and orders."""

from typing import Any

import django_filters
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import ChoicesFilter, DaysFilter, EntryFilter, PersonFilter, RecordFilter
from crm.lists.filters import ListFilters
from sales.filters import TeamFilter
from sales.models import OrderLine
from sales.states import OrderState, QuoteState


class OrderedProductFilter(RecordFilter):
    """Orders with this product."""

    def filter(self, rows: models.QuerySet, product: Any) -> models.QuerySet:
        if product is None:
            return rows
        lines = OrderLine.objects.filter(product=product)  # unscoped: narrows rows within reach
        return rows.filter(pk__in=lines.values("order_id"))


class QuoteFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=QuoteState.choices)
    owner = PersonFilter(kind="quote")
    customer = RecordFilter(label=_("Customer"), lookup="customer")
    opportunity = RecordFilter(label=_("Opportunity"), lookup="opportunity")
    valid = DaysFilter(label=_("Valid until"), field_name="valid_until")
    created = DaysFilter(label=_("Created"), field_name="created_at")
    team = TeamFilter(label=_("Team"))


class OrderFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=OrderState.choices)
    owner = PersonFilter(kind="order")
    customer = RecordFilter(label=_("Customer"), lookup="customer")
    paid = django_filters.ChoiceFilter(
        label=_("Paid"), method="by_payment", choices=[("yes", _("yes")), ("no", _("no"))]
    )
    ordered = DaysFilter(label=_("Ordered"), field_name="ordered_on")
    product = OrderedProductFilter(label=_("Product"), lookup="product")
    team = TeamFilter(label=_("Team"))
    # What figures of reports link to.
    confirmed = DaysFilter(label=_("Confirmed"), field_name="confirmed_on")
    confirmed_by = PersonFilter(label=_("Owner when confirmed"), kind="order", field_name="owner_at_confirm")
    region = EntryFilter(label=_("Region of the customer"), list="region", field_name="customer__region")

    def by_payment(self, rows: models.QuerySet, _name: str, answer: str) -> models.QuerySet:
        confirmed = rows.filter(confirmed_on__isnull=False).exclude(state=OrderState.CANCELLED)
        return (
            confirmed.filter(received__gte=F("gross")) if answer == "yes" else confirmed.filter(received__lt=F("gross"))
        )
