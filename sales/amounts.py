"""The arithmetic of documents: one rounding for form, database, PDF and API (PRODUCT §8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crm.money import round_money

HUNDRED = Decimal(100)


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str) -> Decimal:
    """Quantity × price less ``discount`` percent, half up to the minor unit."""
    return round_money(quantity * unit_price * (HUNDRED - discount) / HUNDRED, currency)


@dataclass(frozen=True)
class Totals:
    """``net`` + ``tax`` = ``gross``; ``rates``: tax rate → tax."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    rates: dict[Decimal, Decimal]


def totals(amounts: Iterable[tuple[Decimal, Decimal]], currency: str, *, include_tax: bool) -> Totals:
    """Of (tax rate, amount) per line: tax is reckoned per rate over the sum of its lines, then rounded."""
    sums: dict[Decimal, Decimal] = {}
    for rate, amount in amounts:
        sums[rate] = sums.get(rate, Decimal(0)) + amount
    rates = {
        rate: round_money(base * rate / (HUNDRED + rate if include_tax else HUNDRED), currency)
        for rate, base in sorted(sums.items())
    }
    base, tax = sum(sums.values(), Decimal(0)), sum(rates.values(), Decimal(0))
    return Totals(base - tax, tax, base, rates) if include_tax else Totals(base, tax, base + tax, rates)


def parts(total: Decimal, percents: list[Decimal], currency: str) -> list[Decimal]:
    """``total`` in parts of these percents; the last takes the remainder, so that the sum is exact."""
    found = [round_money(total * percent / HUNDRED, currency) for percent in percents[:-1]]
    return [*found, total - sum(found, Decimal(0))]


def share_of(amount: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """``amount`` × part ÷ whole, rounded; the whole gives the whole amount exactly."""
    if part == whole or not whole:
        return amount
    return round_money(amount * part / whole, currency)
