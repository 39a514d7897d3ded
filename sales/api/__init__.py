"""``/api/v1/``: products, opportunities, quotes, orders and their money."""

from sales.api import documents, money, opportunities, products

__all__ = ["documents", "money", "opportunities", "products"]
