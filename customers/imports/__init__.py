"""What this room adds to the import: customers, contacts, activities."""


def add_importables() -> None:
    from customers.imports.activities import ACTIVITIES
    from customers.imports.contacts import CONTACTS
    from customers.imports.customers import CUSTOMERS
    from records.imports.importables import importables

    for importable in (CUSTOMERS, CONTACTS, ACTIVITIES):
        importables.add(importable.kind, importable)
