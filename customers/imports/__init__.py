"""What this room adds to the import: customers, contacts, activities."""


def add_importables() -> None:
    from customers.imports.customers import CUSTOMERS
    from records.imports.importables import importables

    for importable in (CUSTOMERS,):
        importables.add(importable.kind, importable)
