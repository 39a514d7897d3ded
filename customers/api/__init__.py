"""``/api/v1/``: customers, contacts, activities, tasks, churn cases and pools."""

from customers.api import activities, churn, contacts, customers, pools, tasks

__all__ = ["activities", "churn", "contacts", "customers", "pools", "tasks"]
