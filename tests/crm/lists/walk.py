"""Reads a whole list page by page, as a person would with the link to the next page."""

import re
from dataclasses import replace
from html import unescape

from django.http import QueryDict

from crm.lists.asked import Asked
from crm.lists.table import table_of


def pages(spec, user, query="", *, size=3, newer_from=""):
    """Lists of ids, one per page, following the links; ``newer_from`` starts there and walks back."""
    spec = replace(spec, page_size=size)
    found, url = [], f"?{newer_from or query}"
    while url:
        asked = Asked(spec, QueryDict(url.partition("?")[2]), user)
        table = table_of(asked)
        found.append([row.pk for row in table.rows])
        url = table.newer if newer_from else table.older
        assert len(found) < 500, "the list never ends"
    return found


def ids(spec, user, query="", **how):
    return [pk for page in pages(spec, user, query, **how) for pk in page]


def link(content, rel):
    found = re.search(rf'rel="{rel}" href="([^"]+)"', content)
    return unescape(found[1]) if found else ""


__all__ = ["ids", "link", "pages"]
