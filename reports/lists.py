"""The list behind a figure: has exactly as many rows as the figure says (PRODUCT §11)."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

LISTS = {
    "opportunities": "sales:opportunity_list",
    "orders": "sales:order_list",
    "customers": "customers:list",
    "leads": "leads:list",
}


def list_url(name: str, **params: Any) -> str:
    """The address of a list with these filters; filters without a value are left out."""
    asked = {key: value for key, value in params.items() if value not in (None, "")}
    return reverse(LISTS[name]) + (f"?{urlencode(asked)}" if asked else "")
