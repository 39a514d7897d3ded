"""`{% load notices %}`: the number at the bell."""

from typing import Any

from django import template

from messaging.notices import unread_count

register = template.Library()


@register.simple_tag
def unread_notices(user: Any) -> int:
    return unread_count(user) if user.is_authenticated else 0
