"""`{% load look %}`: what every page is made of; docs/look.md shows each with an example."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from crm.formats import current_formats
from crm.icon_sprite import declared_icons
from crm.initials import initials
from crm.toasts import undo_address

register = template.Library()
SLOTS = "_part_slots"
NOTHING = mark_safe('<span class="text-secondary">–</span>')


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A line icon of the sprite: decoration, unless `label` names it for screen readers. size: sm, lg or xl."""
    return _icon(name, str(label), size)


@register.simple_tag
def number(value: Decimal | float | int | None, places: int | None = None) -> str:
    return current_formats().number(value, places=places) if value not in (None, "") else NOTHING


@register.simple_tag
def money(amount: Decimal | int | None, currency: str = "") -> str:
    return current_formats().money(amount, currency) if amount not in (None, "") else NOTHING


@register.simple_tag
def percent(ratio: Decimal | float | None, places: int = 0) -> str:
    return current_formats().percent(ratio, places=places) if ratio not in (None, "") else NOTHING


@register.simple_tag
def when(value: date | datetime | None, style: str = "relative") -> SafeString:
    """A moment or a day in the reader's zone. style: relative (words when near), date, moment, time."""
    if not value:
        return NOTHING
    formats = current_formats()
    text = formats.relative(value, now=timezone.now()) if style == "relative" else getattr(formats, style)(value)
    # By hand: format_html costs more than everything else here, and a timeline prints hundreds.
    title, text = escape(formats.full(value)), escape(text)
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{title}">{text}</time>')


@register.simple_tag
def person(user: Any, empty: str = "", size: str = "xs") -> SafeString:
    """Initials and name of a user or anyone with a name; `empty` is the text for nobody."""
    if not user:
        return format_html('<span class="text-secondary">{}</span>', empty) if empty else NOTHING
    name = getattr(user, "name", "") or str(user)
    tone = (getattr(user, "pk", 0) or 0) % 8
    return mark_safe(
        f'<span class="person"><span class="avatar avatar-{escape(size)} tone-{tone}" aria-hidden="true">'
        f'{escape(initials(name))}</span><span class="person-name">{escape(name)}</span></span>'
    )


@register.filter
def undo_url(message: Message) -> str:
    """The address that takes back what the message tells, if it carries one."""
    return undo_address(message)


@register.tag
def part(parser: Parser, token: Token) -> "PartNode":
    """`{% part "card" title=… %}…{% slot "actions" %}…{% endslot %}…{% endpart %}`.

    Renders templates/_parts/<name>.html with the arguments, the slots by name and the rest as `body`.
    The part sees nothing else of the page but request, user and the CSRF token, so that a title of
    the page never slips into a card that has none.
    """
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("part: the name of the part is missing")
    name = parser.compile_filter(bits[0])
    values = token_kwargs(bits[1:], parser)
    body = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(name, values, body)


@register.tag
def slot(parser: Parser, token: Token) -> "SlotNode":
    name = parser.compile_filter(token.split_contents()[1])
    body = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name, body)


class PartNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, name: FilterExpression, values: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.values, self.body = name, values, body

    def render(self, context: template.Context) -> SafeString:
        slots: dict[str, SafeString] = {}
        with context.push(**{SLOTS: slots}):
            body = self.body.render(context).strip()
        values = {name: value.resolve(context) for name, value in self.values.items()}
        shared = {name: context[name] for name in ("request", "user", "csrf_token") if name in context}
        inner = context.new({**shared, **values, **slots, "body": mark_safe(body)})
        engine = context.template.engine
        return engine.get_template(f"_parts/{self.name.resolve(context)}.html").render(inner)


class SlotNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, name: FilterExpression, body: NodeList) -> None:
        self.name, self.body = name, body

    def render(self, context: template.Context) -> str:
        context[SLOTS][self.name.resolve(context)] = mark_safe(self.body.render(context).strip())
        return ""


@lru_cache(maxsize=512)
def _icon(name: str, label: str, size: str) -> SafeString:
    if name not in declared_icons():
        raise template.TemplateSyntaxError(f"icon {name!r} is not in crm/icons.txt")
    classes = f"icon icon-{size}" if size else "icon"
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        named,
        static("vendor/icons.svg"),
        name,
    )
