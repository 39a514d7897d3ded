"""``/api/v1/``: products, opportunities, quotes, orders and their money."""

from sales.api import money, opportunities, orders, products, quotes

__all__ = ["money", "opportunities", "orders", "products", "quotes"]
