"""Makers of sales rows: plain functions with the fewest arguments, saved at once."""

from decimal import Decimal
from typing import Any

from records.models import DictionaryEntry
from sales.models import Opportunity, Pipeline, Product, Stage
from sales.open_opportunity import open_opportunity


def product(name: str = "Pump", **fields: Any) -> Product:
    return Product.objects.create(**{"name": name, "currency": "EUR", "price": Decimal(100), **fields})


def stage(order: int = 1, *, pipeline: Pipeline | None = None) -> Stage:
    """A stage of the default pipeline by its place."""
    return Stage.objects.get(pipeline=pipeline or Pipeline.first_choice(), order=order)


def opportunity(name: str = "Ten pumps", *, owner: Any, **fields: Any) -> Opportunity:
    """Opened by its owner, in the first stage."""
    return open_opportunity(name, by=owner, owner=owner, **fields)


def reason(code: str = "price") -> DictionaryEntry:
    return DictionaryEntry.objects.get(list="opportunity_lost_reason", code=code)
