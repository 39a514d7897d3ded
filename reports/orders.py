"""The measures *orders* and *receipts* of the contribution, for those who owned the order when it was confirmed.

Orders: net of what was confirmed in the period, less what was cancelled in it, each on its own date and at the rate of
the confirmation. Receipts: money by the day it came in, at the rate of that day.
"""

from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from reports.asked import Asked
from reports.contribution import Measure
from reports.lists import list_url
from reports.won import regions
from sales.models import ExchangeRate, Order

NUMERIC = DecimalField(max_digits=30, decimal_places=10)
FILTERS = {
    "customer": "customer",
    "product": "product",
    "person": "confirmed_by",
    "team": "confirmed_team",
    "manager": "confirmed_under",
    "region": "confirmed_region",
    "customer_region": "region",
    "country": "country",
}


def orders(user: Any, asked: Asked) -> QuerySet:
    confirmed = asked.period.covers("confirmed_on")
    cancelled = Q(confirmed_on__isnull=False) & asked.period.covers("cancelled_on")
    rows = Order.objects.visible_to(user).filter(confirmed | cancelled)
    sign = _one_if(confirmed) - _one_if(cancelled)
    value = ExpressionWrapper(F("net_company") * sign, output_field=NUMERIC)
    return _grouped(_narrowed(rows, asked), asked, value)


def receipts(user: Any, asked: Asked) -> QuerySet:
    """From the orders, each once per receipt of the period."""
    rows = Order.objects.visible_to(user).filter(asked.period.covers("receipts__received_on"))
    on, currency = OuterRef("receipts__received_on"), OuterRef("receipts__currency")
    rates = ExchangeRate.objects.order_by("-valid_from")  # unscoped: rates are for all
    latest = rates.filter(currency=currency, valid_from__lte=on)
    rate = Case(
        When(receipts__currency=Company.get().currency, then=Value(Decimal(1))),
        default=Subquery(latest.values("rate")[:1], output_field=NUMERIC),
        output_field=NUMERIC,
    )
    value = ExpressionWrapper(F("receipts__amount") * rate, output_field=NUMERIC)
    return _grouped(_narrowed(rows, asked), asked, value)


def _narrowed(rows: QuerySet, asked: Asked) -> QuerySet:
    rows = rows.filter(asked.held("owner_at_confirm", "team_at_confirm"))
    return rows.filter(opportunity__pipeline=asked.pipeline) if asked.pipeline else rows


def _grouped(rows: QuerySet, asked: Asked, value: Any) -> QuerySet:
    if asked.by == "product":
        value = ExpressionWrapper(value * _share_of_line(), output_field=NUMERIC)
    key, label = _columns()[asked.by]
    grouped = rows.order_by().values(key=F(key) if isinstance(key, str) else key, label=label)
    return grouped.annotate(
        value=Coalesce(Sum(value), Value(Decimal(0)), output_field=NUMERIC), facts=Count("pk", distinct=True)
    )


def _columns() -> dict[str, tuple[Any, Any]]:
    """dimension → the column that groups, and the words for it."""
    tail = {"zh-hans": "_zh", "ru": "_ru"}.get(get_language() or "", "")
    team = "team_at_confirm"
    return {
        "customer": ("customer_id", F("customer__name")),
        "product": ("lines__product_id", F("lines__product__name")),
        "person": ("owner_at_confirm_id", F("owner_at_confirm__name")),
        "team": (f"{team}_id", F(f"{team}__name")),
        "manager": (f"{team}__supervisor_id", F(f"{team}__supervisor__name")),
        "region": regions(f"{team}_id"),
        "customer_region": ("customer__region_id", F(f"customer__region__name{tail}")),
        "country": ("customer__country", F("customer__country")),
    }


def _share_of_line() -> Case:
    """A line's part of its order; the whole where there are no lines. Together the lines are the net, or the gross."""
    base = Case(When(prices_include_tax=True, then=F("gross")), default=F("net"),
                output_field=NUMERIC)  # fmt: skip
    has_base = Q(net__gt=0)
    part = ExpressionWrapper(F("lines__amount") / base, output_field=NUMERIC)
    return Case(
        When(lines__isnull=True, then=Value(Decimal(1))),
        When(has_base, then=part),
        default=Value(Decimal(0)),
        output_field=NUMERIC,
    )


def _one_if(rule: Q) -> Case:
    return Case(When(rule, then=Value(Decimal(1))), default=Value(Decimal(0)), output_field=NUMERIC)


def _list_behind(days: str) -> Any:
    def behind(asked: Asked, key: Any) -> str:
        if key in (None, ""):
            return ""
        params = {**asked.period.params(days), **asked.params()}
        for here, there in (("owner", "confirmed_by"), ("team", "confirmed_region")):
            if here in params:
                params[there] = params.pop(here)
        if params.get(FILTERS[asked.by]) not in (None, key):
            return ""
        return list_url("orders", **{**params, FILTERS[asked.by]: key})

    return behind


ORDERS = Measure(_("Orders"), orders, _list_behind("counted"))
RECEIPTS = Measure(_("Receipts"), receipts, _list_behind("received"))
