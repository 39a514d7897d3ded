"""A new product, by hand or by the API."""

from typing import Any

from django.db import transaction

from accounts.models import Company
from records.log import log_event
from sales.models import Product
from sales.search import index_products


@transaction.atomic
def create_product(name: str, *, by: Any, **fields: Any) -> Product:
    """``fields``: EDITABLE ones; the currency is the company's unless given."""
    unknown = set(fields) - set(Product.EDITABLE)
    if unknown:
        raise ValueError(f"not editable on a product: {sorted(unknown)}")
    given = {key: value for key, value in fields.items() if value is not None}
    product = Product(**{"name": name, "currency": Company.get().currency, "created_by": by, **given})
    product.save()
    index_products([product.pk])
    log_event("create", product, by=by)
    return product
