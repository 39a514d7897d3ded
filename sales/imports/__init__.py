"""What this room adds to the import: products, opportunities, orders."""


def add_importables() -> None:
    from records.imports.importables import importables
    from sales.imports.opportunities import OPPORTUNITIES
    from sales.imports.orders import ORDERS
    from sales.imports.products import PRODUCTS

    for importable in (PRODUCTS, OPPORTUNITIES, ORDERS):
        importables.add(importable.kind, importable)
