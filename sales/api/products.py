"""``/api/v1/products``. The cost is no part of it."""

from typing import Any

from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body, out, shower
from crm.endpoints.schemas import Code, Line, Name
from crm.endpoints.values import values_of
from crm.lists.search import by_words
from sales.create_product import create_product
from sales.models import Product

TYPED = (
    "name", "name_zh", "name_ru", "code", "description", "category", "unit", "price", "tax_rate", "is_active",
    "external_id", "external_system",
)  # fmt: skip
SHOWN = (*TYPED, "currency", "created_at")


def create(sent: dict[str, Any], *, by: Any) -> Product:
    values = values_of(Product, sent, by=by)
    return create_product(values.pop("name"), by=by, **values)


def change(product: Product, sent: dict[str, Any], *, by: Any, version: int) -> None:
    product.edit(values_of(Product, sent, by=by), by=by, version=version)


collections.add(
    "products",
    Collection(
        name="products",
        kind="product",
        model=Product,
        out=out("Product", Product, SHOWN),
        show=shower(Product, SHOWN),
        related=("category", "unit"),
        sorts={"name": "name", "code": "code", "created": "created_at"},
        default_sort="name",
        filters={
            "code": Filter(Line, "code__iexact"),
            "category": Filter(Code, "category__code"),
            "is_active": Filter(bool, "is_active"),
        },
        search=by_words("product"),
        body=body("NewProduct", Product, TYPED, required=("name",), name=Name),
        create=create,
        patch=body("ProductChange", Product, TYPED, name=Name),
        change=change,
        remove=lambda product, *, by: product.trash(by=by),
    ),
)
