"""The filters of the lists of quotes and orders."""

from typing import Any

import django_filters
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import (
    BelongingFilter,
    ChoicesFilter,
    DaysFilter,
    EntryFilter,
    PersonFilter,
    RecordFilter,
    StampedPersonFilter,
)
from crm.lists.filters import ListFilters
from sales.filters import TeamFilter
from sales.models import OrderLine, OrderReturn, Receipt, Refund
from sales.states import COUNTED, OrderState, QuoteState


class OrderedProductFilter(RecordFilter):
    """Orders with this product."""

    def filter(self, rows: models.QuerySet, product: Any) -> models.QuerySet:
        if product is None:
            return rows
        lines = OrderLine.objects.filter(product=product)  # unscoped: narrows rows within reach
        return rows.filter(pk__in=lines.values("order_id"))


class CountedFilter(DaysFilter):
    """Orders that a figure of the days counts: confirmed in them, or cancelled or partly returned after that."""

    def filter(self, rows: models.QuerySet, days: slice | None) -> models.QuerySet:
        if days is None:
            return rows
        confirmed, cancelled = within("confirmed_on", days), within("cancelled_on", days)
        back = OrderReturn.objects.filter(within("returned_on", days))  # unscoped: narrows rows within reach
        returned = Q(pk__in=back.order_by().values("order_id"))
        return rows.filter(confirmed | cancelled | returned, confirmed_on__isnull=False)


class ReceivedFilter(DaysFilter):
    """Orders for which money came in or went back on these days."""

    def filter(self, rows: models.QuerySet, days: slice | None) -> models.QuerySet:
        if days is None:
            return rows
        found = Receipt.objects.filter(within("received_on", days))  # unscoped: narrows rows within reach
        back = Refund.objects.filter(within("refunded_on", days))  # unscoped: narrows rows within reach
        moved = found.order_by().values("order_id").union(back.order_by().values("order_id"))
        return rows.filter(pk__in=moved)


def within(field: str, days: slice) -> Q:
    rule = Q(**{f"{field}__isnull": False})
    if days.start:
        rule &= Q(**{f"{field}__gte": days.start})
    return rule & Q(**{f"{field}__lte": days.stop}) if days.stop else rule


class QuoteFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=QuoteState.choices)
    owner = PersonFilter(kind="quote")
    customer = BelongingFilter(label=_("Customer"), lookup="customer")
    opportunity = RecordFilter(label=_("Opportunity"), lookup="opportunity")
    valid = DaysFilter(label=_("Valid until"), field_name="valid_until")
    created = DaysFilter(label=_("Created"), field_name="created_at")
    team = TeamFilter(label=_("Team"))


class OrderFilters(ListFilters):
    state = ChoicesFilter(label=_("State"), choices=OrderState.choices)
    owner = PersonFilter(kind="order")
    customer = BelongingFilter(label=_("Customer"), lookup="customer")
    paid = django_filters.ChoiceFilter(
        label=_("Paid"), method="by_payment", choices=[("yes", _("yes")), ("no", _("no"))]
    )
    ordered = DaysFilter(label=_("Ordered"), field_name="ordered_on")
    product = OrderedProductFilter(label=_("Product"), lookup="product")
    team = TeamFilter(label=_("Team"))
    # What figures of reports link to.
    confirmed = DaysFilter(label=_("Confirmed"), field_name="confirmed_on")
    confirmed_by = StampedPersonFilter(label=_("Owner when confirmed"), kind="order", field_name="owner_at_confirm")
    counted = CountedFilter(label=_("Confirmed or cancelled"), field_name="confirmed_on")
    received = ReceivedFilter(label=_("Money received"), field_name="confirmed_on")
    confirmed_team = TeamFilter(label=_("Confirmed in team"), field_name="team_at_confirm", deep=False)
    confirmed_region = TeamFilter(label=_("Confirmed in team or below"), field_name="team_at_confirm")
    confirmed_under = StampedPersonFilter(
        label=_("Confirmed under supervisor"), kind="order", field_name="team_at_confirm__supervisor"
    )
    country = django_filters.CharFilter(label=_("Country of the customer"), field_name="customer__country")
    region = EntryFilter(label=_("Region of the customer"), list="region", field_name="customer__region")

    def by_payment(self, rows: models.QuerySet, _name: str, answer: str) -> models.QuerySet:
        counted, payable = rows.filter(state__in=COUNTED), F("gross") - F("returned")
        return counted.filter(received__gte=payable) if answer == "yes" else counted.filter(received__lt=payable)
