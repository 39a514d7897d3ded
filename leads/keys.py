"""The columns by which duplicates are found and lists are sorted: worked out from what was typed, in one place.

Forms, the API and imports all call ``keys_of``; the columns raise no version and are nobody's to edit.
"""

from collections.abc import Mapping
from typing import Any

from crm import normalise

# The fields from which keys follow, and the length that the columns hold.
SOURCES = ("name", "company", "phone", "mobile", "email", "website", "tax_number", "country")
LENGTH = 200


def keys_of(values: Mapping[str, Any], *, country: str = "") -> dict[str, str]:
    """The key columns for a lead with these ``values``; an empty key signals nothing.

    ``country`` (ISO 3166) reads phone numbers when the lead names no country: the company's own.
    """
    where = (values.get("country") or country or "").upper()
    address = normalise.email(values.get("email") or "") or ""
    return {
        "phone_key": normalise.phone(values.get("phone") or "", where) or "",
        "mobile_key": normalise.phone(values.get("mobile") or "", where) or "",
        "email_key": address,
        "domain_key": (normalise.email_domain(address) or _site(values.get("website") or ""))[:LENGTH],
        "company_key": normalise.company_key(values.get("company") or "")[:LENGTH],
        "tax_key": "".join(c for c in normalise.fold(values.get("tax_number") or "") if c.isalnum()),
        "sort_key": normalise.sort_key(values.get("name") or values.get("company") or "")[:LENGTH],
    }


def _site(website: str) -> str:
    """The domain of a web address: ``"https://www.Example.com/about"`` → ``"example.com"``."""
    host = normalise.fold(website).split("://")[-1].split("/")[0].split(":")[0].removeprefix("www.")
    return host if "." in host and " " not in host else ""
