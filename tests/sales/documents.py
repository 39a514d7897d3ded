"""Makers of quotes and orders: the fewest arguments, saved at once."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from records.models import DictionaryEntry
from records.moves import move
from sales.collect import Part
from sales.create_document import create_order, create_quote
from sales.document_lines import add_line
from sales.models import Order, Quote
from sales.run_order import confirm
from tests.customers import makers as customers

DAY = datetime.date(2026, 3, 1)


def quote(*, owner: Any, customer: Any = None, price: Any = 100, quantity: Any = 1, **values: Any) -> Quote:
    """A draft with one line."""
    values = {"currency": "EUR", "valid_until": datetime.date(2030, 1, 1), **values}
    made = create_quote(customer or customers.customer(owner=owner), by=owner, **values)
    add_line(made, by=owner, name="Pump", unit_price=Decimal(price), quantity=Decimal(quantity))
    return made


def order(*, owner: Any, customer: Any = None, price: Any = 100, on: Any = DAY, **values: Any) -> Order:
    """A confirmed order of one line."""
    made = create_order(customer or customers.customer(owner=owner), by=owner, **{"currency": "EUR", **values})
    add_line(made, by=owner, name="Pump", unit_price=Decimal(price))
    confirm(made, by=owner, on=on)
    return made


def halves(first: datetime.date = DAY) -> list[Part]:
    return [Part(Decimal(50), first), Part(Decimal(50), first + datetime.timedelta(days=30))]


def reason(of: str, code: str = "price") -> DictionaryEntry:
    return DictionaryEntry.objects.get(list=of, code=code)


def sent_quote(*, owner: Any, **values: Any) -> Quote:
    """Submitted and sent, without its PDF."""
    made = quote(owner=owner, **values)
    made.submit(by=owner)
    move(made, "send", by=owner, sent_at=timezone.now())
    return made


def draft_order(*, owner: Any, customer: Any = None, price: Any = 100) -> Order:
    made = create_order(customer or customers.customer(owner=owner), by=owner, currency="EUR")
    add_line(made, by=owner, name="Pump", unit_price=Decimal(price))
    return made


def whole(due_on: datetime.date = DAY) -> Part:
    return Part(Decimal(100), due_on)
