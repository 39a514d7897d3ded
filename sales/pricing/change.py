"""What is done with prices, rates and the rules of documents, each with an event that names who."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from records.log import log_event
from records.models import Event
from records.refusals import Refused
from sales.models import ExchangeRate, NumberSeries, Opportunity, Price, PriceList
from sales.models.number_series import validate_pattern

PORTION = 5_000

# Each opportunity at the rate of its own day; what holds the right amount already is left alone.
_RECONVERT = """
WITH rated AS (
    SELECT o.id, round_money(o.amount * (
        SELECT r.rate FROM sales_exchangerate r WHERE r.currency = o.currency
          AND r.valid_from <= coalesce(o.closed_on, o.opened_on, (o.created_at AT TIME ZONE %(zone)s)::date)
        ORDER BY r.valid_from DESC LIMIT 1), %(own)s) AS amount
    FROM sales_opportunity o WHERE o.id = ANY(%(ids)s)
)
UPDATE sales_opportunity o SET amount_company = rated.amount FROM rated
WHERE o.id = rated.id AND o.amount_company IS DISTINCT FROM rated.amount
"""


@transaction.atomic
def create_price_list(*, by: Any, **values: Any) -> PriceList:
    made = PriceList.objects.create(**values)
    log_event("create", made, by=by)
    return made


@transaction.atomic
def change_price_list(held: PriceList, values: dict[str, Any], *, by: Any, opened: dict | None = None) -> Event | None:
    """Its prices are numbers in its currency, net or gross: neither changes under them."""
    held.lock()
    fixed = {"currency": held.currency, "is_gross": held.is_gross}
    changed = [name for name, value in fixed.items() if values.get(name, value) != value]
    if changed and held.prices.exists():
        raise Refused(
            _("This list has prices already. Make a new list for another currency, or for net instead of gross."),
            reason="prices",
        )
    return held.edit(values, by=by, opened=opened)


@transaction.atomic
def add_price(price_list: PriceList, *, by: Any, **values: Any) -> Price:
    made = Price.objects.create(price_list=price_list, **values)
    log_event("create", made, by=by, facts={"list": price_list.pk, "product": made.product_id})
    return made


@transaction.atomic
def delete_price(price: Price, *, by: Any) -> None:
    """Quotes and orders keep the price that stands on their lines."""
    log_event("delete", price, by=by, facts={"list": price.price_list_id, "product": price.product_id})
    price.delete()


@transaction.atomic
def set_rate(currency: str, valid_from: datetime.date, rate: Decimal, *, by: Any) -> ExchangeRate:
    """Adds the rate of a day, or corrects it."""
    if currency == Company.get().currency:
        raise Refused(_("This is the company's own currency."), reason="own")
    held = ExchangeRate.objects.filter(currency=currency, valid_from=valid_from).first()
    if held is None:
        held = ExchangeRate.objects.create(currency=currency, valid_from=valid_from, rate=rate)
        log_event("create", held, by=by)
    else:
        held.edit({"rate": rate}, by=by)
    _reconvert_later(currency)
    return held


@transaction.atomic
def delete_rate(held: ExchangeRate, *, by: Any) -> None:
    log_event("delete", held, by=by)
    held.delete()
    _reconvert_later(held.currency)


def reconvert(currency: str) -> int:
    """Opportunities in this currency at the rate of their own day, a portion per transaction. Safe to run twice."""
    company = Company.get()
    told = {"own": company.currency, "zone": company.time_zone}
    ids = Opportunity._base_manager.filter(currency=currency, amount__isnull=False).order_by("pk")
    changed, last = 0, 0
    while portion := list(ids.filter(pk__gt=last).values_list("pk", flat=True)[:PORTION]):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RECONVERT, {**told, "ids": portion})
            changed += cursor.rowcount
        last = portion[-1]
    return changed


def _reconvert_later(currency: str) -> None:
    from sales.tasks import reconvert_opportunities  # calls back into this module

    reconvert_opportunities.delay_on_commit(currency)


@transaction.atomic
def change_series(series: NumberSeries, pattern: str, *, by: Any) -> Event | None:
    """Numbers that were given stay; the counting of the year goes on."""
    validate_pattern(pattern)
    held = NumberSeries.objects.select_for_update().get(pk=series.pk)
    if held.pattern == pattern:
        return None
    before, held.pattern = held.pattern, pattern
    held.save(update_fields=["pattern"])
    name = f"number_series_{held.pk}"
    return log_event("change", Company.get(), by=by, facts={"fields": [name]}, changes={name: (before, pattern)})
