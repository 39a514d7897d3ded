"""The large figures beside those of the period before."""

from typing import Any

from django.utils.translation import gettext as _


def compared(stats: list[dict[str, Any]], earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each figure says what it was before; figures are matched by what they count."""
    was = {item["label"]: item["value"] for item in earlier}
    found = []
    for item in stats:
        before = _("before: %(value)s") % {"value": was.get(item["label"]) or "–"}
        found.append({**item, "text": " · ".join(filter(None, (item["text"], before)))})
    return found
