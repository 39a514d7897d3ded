"""Read-only assembly of the pages of prices and rates."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm.formats import current_formats
from sales.business_day import today
from sales.models import ExchangeRate, NumberCounter, NumberSeries, Price, PriceList


@dataclass(frozen=True)
class ListRow:
    price_list: PriceList
    prices: int
    days: str
    is_offered: bool


@dataclass(frozen=True)
class SeriesRow:
    """``next``: the number that the next document of this year gets."""

    series: NumberSeries
    title: Any
    next: str


def list_rows() -> list[ListRow]:
    offered = set(PriceList.objects.on(today()).values_list("pk", flat=True))
    lists = PriceList.objects.annotate(number=Count("prices")).order_by("name", "pk")
    return [ListRow(row, row.number, days_of(row), row.pk in offered) for row in lists]


def price_rows(held: PriceList, words: str) -> QuerySet[Price]:
    """The prices of a list, by product; ``words`` of its names or its code."""
    rows = held.prices.select_related("product")
    if words:
        named = Q(product__name__icontains=words) | Q(product__name_zh__icontains=words)
        rows = rows.filter(named | Q(product__name_ru__icontains=words) | Q(product__code__icontains=words))
    return rows.order_by("product__name", "product_id", "from_quantity", "valid_from", "pk")


def days_of(row: Any) -> str:
    """``"1 Jan 2026 – 31 Dec 2026"``; an open side stays open, "–" where both are."""
    formats = current_formats()
    ends = [formats.date(day) if day else "" for day in (row.valid_from, row.valid_to)]
    return " – ".join(ends) if any(ends) else "–"


def rate_rows() -> list[ExchangeRate]:
    return list(ExchangeRate.objects.order_by("currency", "-valid_from")[:500])


def series_rows(titles: dict[str, Any], on: datetime.date) -> list[SeriesRow]:
    last = dict(NumberCounter.objects.filter(year=on.year).values_list("series_id", "last"))
    return [
        SeriesRow(row, titles.get(row.pk, row.pk), row.pattern.format(year=on.year, number=last.get(row.pk, 0) + 1))
        for row in NumberSeries.objects.order_by("pk")
    ]
