"""`{% form_field field %}`: label, widget, help and errors of one field, as the theme's template has them."""

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
STAR = '<span class="asteriskField">*</span>'


@register.simple_tag(takes_context=True)
def form_field(context: template.Context, field: BoundField) -> SafeString:
    if field.is_hidden:
        return mark_safe(str(field))
    widget = field.field.widget
    wrapper = " ".join(filter(None, (context.get("wrapper_class", ""), field.css_classes())))
    wrapper = f" {escape(wrapper)}" if wrapper else ""
    if isinstance(widget, forms.CheckboxInput) and context.get("form_show_labels"):
        inside = f"{_widget(field, 'form-check-input')}{_label(field, 'form-check-label')}{_below(context, field)}"
        check = f'<div id="div_{field.auto_id}" class="form-check{wrapper}">{inside}</div>'
        return mark_safe(f'<div class="mb-3">{check}</div>')
    label, end = _heading(field) if field.label and context.get("form_show_labels") else ("", "")
    inside = f"{label}{_control(context, field)}{end}"
    return mark_safe(f'<div id="div_{field.auto_id}" class="mb-3{wrapper}">{inside}</div>')


def _heading(field: BoundField) -> tuple[str, str]:
    """What stands before and after the widget; several inputs with one label are a group."""
    if not field.use_fieldset:
        return _label(field, "form-label"), ""
    told = f' aria-describedby="{escape(field.aria_describedby)}"' if field.aria_describedby else ""
    return f"<fieldset{told}>{_label(field, 'form-label', 'legend', ' fs-6')}", "</fieldset>"


def _label(field: BoundField, css: str, tag: str = "label", more: str = "") -> str:
    of = f' for="{field.id_for_label}"' if field.id_for_label else ""
    needed, star = (" requiredField", STAR) if field.field.required else ("", "")
    return f'<{tag}{of} class="{css}{needed}{more}">{escape(field.label)}{star}</{tag}>'


def _control(context: template.Context, field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CHOICES):
        return _of_pack("radio_checkbox_select", context, field)
    if isinstance(widget, forms.FileInput):
        return _of_pack("field_file", context, field)
    css = "form-control"
    if isinstance(widget, forms.Select):
        css = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    return f"{_widget(field, css)}{_below(context, field)}"


def _of_pack(name: str, context: template.Context, field: BoundField) -> str:
    return render_to_string(f"bootstrap5/layout/{name}.html", {**context.flatten(), "field": field})


def _widget(field: BoundField, css: str) -> str:
    """The widget with the classes of the theme, and the one of its kind, which scripts and styles look for."""
    css = f"{css} is-invalid" if field.errors else css
    widget = field.field.widget
    for part in getattr(widget, "widgets", [getattr(widget, "widget", widget)]):
        classes = part.attrs.get("class", "").split()
        wanted = [type(part).__name__.lower(), *css.split()]
        part.attrs["class"] = " ".join([*classes, *(name for name in wanted if name not in classes)])
    return str(field)


def _below(context: template.Context, field: BoundField) -> str:
    return f"{_errors(context, field)}{_help(field)}"


def _errors(context: template.Context, field: BoundField) -> str:
    if not context.get("form_show_errors") or not field.errors:
        return ""
    tag = "span" if context.get("error_text_inline") else "p"
    told = "".join(
        f'<{tag} id="error_{place}_{field.auto_id}"><strong>{escape(error)}</strong></{tag}>'
        for place, error in enumerate(field.errors, start=1)
    )
    place = field.errors.field_id  # type: ignore[attr-defined]
    return f'<div id="{place}_error" class="invalid-feedback">{told}</div>'


def _help(field: BoundField) -> str:
    if not field.help_text:
        return ""
    pk = f'id="{field.auto_id}_helptext" ' if field.auto_id else ""
    return f'<div {pk}class="form-text">{field.help_text}</div>'
