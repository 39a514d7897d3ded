"""``/api/v1/``: customers, contacts, activities, tasks and pools."""

from customers.api import activities, contacts, customers, pools, tasks

__all__ = ["activities", "contacts", "customers", "pools", "tasks"]
