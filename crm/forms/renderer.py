"""How widgets become HTML. The common ones are written here: their templates cost ten times as much, and a form has
dozens of fields, a choice of countries hundreds of options. All others keep their templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


class FormRenderer(TemplatesSetting):
    """For the setting FORM_RENDERER. Writes exactly what Django's templates print."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        write = WRITERS.get(template_name)
        if write is None:
            return mark_safe(super().render(template_name, context, request))
        return mark_safe(write(context["widget"]))


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{escape(str(value))}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{shown}{_attrs(widget)}>'


def _textarea(widget: Widget) -> str:
    value = escape(_text(widget["value"])) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attrs(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{_attrs(widget)}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escape(_text(group))}">')
        parts += [_option(option) for option in options]
        if group:
            parts.append("</optgroup>")
    return "\n".join([*parts, "</select>"])


def _option(option: Widget) -> str:
    value, label = escape(str(option["value"])), escape(_text(option["label"]))
    return f'<option value="{value}"{_attrs(option)}>{label}</option>'


def _attrs(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> Any:
    """Numbers as the reader's language writes them, as in a template."""
    return localize(value) if isinstance(value, int | float) else value


_INPUTS = (
    "input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime",
    "time", "checkbox", "file",
)  # fmt: skip
WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
