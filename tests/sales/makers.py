"""Makers of sales rows: plain functions with the fewest arguments, saved at once."""

from decimal import Decimal
from typing import Any

from sales.models import Pipeline, Product, Stage


def product(name: str = "Pump", **fields: Any) -> Product:
    return Product.objects.create(**{"name": name, "currency": "EUR", "price": Decimal(100), **fields})


def stage(order: int = 1, *, pipeline: Pipeline | None = None) -> Stage:
    """A stage of the default pipeline by its place."""
    return Stage.objects.get(pipeline=pipeline or Pipeline.first_choice(), order=order)
