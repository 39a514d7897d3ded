"""What a product costs on a day: the price list first, else the product's own price."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sales.models import Price, PriceList, Product


@dataclass(frozen=True)
class Offer:
    """A price with its currency."""

    amount: Decimal
    currency: str


def price_of(
    product: Product, *, on: datetime.date, price_list: PriceList | None = None, quantity: Decimal = Decimal(1)
) -> Offer | None:
    """One unit's price; None when neither the list nor the product names one."""
    holds = price_list is not None and PriceList.objects.on(on).filter(pk=price_list.pk).exists()
    found = Price.objects.on(on).of(product, price_list, quantity) if holds and price_list else None
    if found and price_list:
        return Offer(found.amount, price_list.currency)
    return None if product.price is None else Offer(product.price, product.currency)
