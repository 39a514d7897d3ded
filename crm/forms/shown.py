"""A field's value in words: conflicts, field history, previews."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.formats import current_formats


def shown_value(record: Any, name: str, value: Any) -> str:
    """``value`` of the field ``name`` as a person reads it; it may be a number of a record, or the record."""
    if value is None or value == "":
        return ""
    in_words = getattr(record, f"{name}_in_words", None)
    if in_words:  # a field of numbers that only its model can read
        return str(in_words(value))
    field = record._meta.get_field(name)
    if isinstance(value, list):
        return _listed(field, value)
    if isinstance(field, models.ForeignKey):
        return _related(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)


def _related(field: Any, value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value)
    found = field.remote_field.model._base_manager.filter(pk=value).first()
    return str(found) if found else f"#{value}"


def _listed(field: Any, values: list[Any]) -> str:
    names = dict(getattr(field, "base_field", field).flatchoices)
    return ", ".join(str(names.get(value, value)) for value in values)


def _plain(value: Any) -> str:
    formats = current_formats()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return formats.moment(value)
    if isinstance(value, datetime.date):
        return formats.date(value)
    if isinstance(value, int | Decimal):
        return formats.number(value)
    return str(value)
