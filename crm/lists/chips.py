"""The active filters as chips: what is filtered, in words, and the address without it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.formats import Formats
from crm.lists.filters import Filtering


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    without: QueryDict  # the filters but this one


def chips_of(filtering: Filtering, formats: Formats) -> list[Chip]:
    chips = []
    if filtering.words:
        chips.append(Chip(_("Search"), filtering.words, filtering.without("q")))
    if filtering.filterset is None:
        return chips
    form = filtering.filterset.form
    valid = getattr(form, "cleaned_data", {}) if not filtering.errors else {}
    for name in filtering.names:
        field = form.fields[name]
        value = _words(field, valid[name], formats) if name in valid else _typed(filtering, name)
        chips.append(Chip(str(field.label or name), value, filtering.without(name)))
    return chips


def _typed(filtering: Filtering, name: str) -> str:
    return ", ".join(filtering.data.getlist(name))[:80]


def _words(field: Any, value: Any, formats: Formats) -> str:
    if isinstance(value, slice):
        return _range(field, value, formats)
    if isinstance(value, models.QuerySet | list | tuple | set):
        return ", ".join(_words(field, item, formats) for item in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, models.Model):
        return str(value)
    return _choice(field, value) or _plain(value, formats)


def _choice(field: Any, value: Any) -> str:
    if not hasattr(field, "choices"):
        return ""
    return next((str(label) for code, label in field.choices if str(code) == str(value)), "")


def _range(field: Any, value: slice, formats: Formats) -> str:
    low, high = _plain(value.start, formats), _plain(value.stop, formats)
    if low and high:
        return f"{low} – {high}"
    return _("from %(value)s") % {"value": low} if low else _("until %(value)s") % {"value": high}


def _plain(value: Any, formats: Formats) -> str:
    if value is None:
        return ""
    if hasattr(value, "year"):
        return formats.date(value)
    if hasattr(value, "as_tuple") or isinstance(value, int | float):
        return formats.number(value)
    return str(value)
