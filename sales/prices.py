"""What a product costs on a day: the price list first, else the product's own price."""

import datetime
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from sales.models import Price, PriceList, Product

FOURTH = Decimal("0.0001")


@dataclass(frozen=True)
class Offer:
    """A price with its currency. ``is_gross``: with tax or without, where a price list says so."""

    amount: Decimal
    currency: str
    is_gross: bool | None = None

    def as_gross(self, is_gross: bool, tax_rate: Decimal) -> "Offer":
        """The same price with tax, or without; to four decimals, as unit prices are kept."""
        if self.is_gross is None or self.is_gross == is_gross:
            return self
        factor = (100 + tax_rate) / Decimal(100)
        amount = self.amount * factor if is_gross else self.amount / factor
        return replace(self, amount=amount.quantize(FOURTH, ROUND_HALF_UP), is_gross=is_gross)


def price_of(
    product: Product, *, on: datetime.date, price_list: PriceList | None = None, quantity: Decimal = Decimal(1)
) -> Offer | None:
    """One unit's price; None when neither the list nor the product names one."""
    holds = price_list is not None and PriceList.objects.on(on).filter(pk=price_list.pk).exists()
    found = Price.objects.on(on).of(product, price_list, quantity) if holds and price_list else None
    if found and price_list:
        return Offer(found.amount, price_list.currency, price_list.is_gross)
    return None if product.price is None else Offer(product.price, product.currency)
