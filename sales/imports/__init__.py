"""What this room adds to the import: products and opportunities."""


def add_importables() -> None:
    from records.imports.importables import importables
    from sales.imports.opportunities import OPPORTUNITIES
    from sales.imports.products import PRODUCTS

    for importable in (PRODUCTS, OPPORTUNITIES):
        importables.add(importable.kind, importable)
