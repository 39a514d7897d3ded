"""Plain text of a web form, as visitors see it."""

from typing import Any

from django import template
from django.utils.html import Urlizer
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class _BesideUrlizer(Urlizer):
    # In a frame, and with a form half filled in, nothing may take this page away.
    url_template = '<a href="{href}" target="_blank"{attrs}>{url}</a>'


@register.filter
def with_links(text: Any) -> SafeString:
    """Escaped, its addresses as links that open beside, its lines as they were typed."""
    linked = _BesideUrlizer()(str(text), nofollow=True, autoescape=True)
    return mark_safe(linked.replace("\r\n", "\n").replace("\n", "<br>"))
