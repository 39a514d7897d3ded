"""What is wrong with a body or a query, field by field, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja.errors import ValidationError

WHERE = frozenset({"body", "query", "path", "data", "header"})
OTHER = _("This value is not right.")
TEXT = _("Text is expected.")
INTEGER = _("A whole number is expected.")
DECIMAL = _("A decimal number is expected, like 12.50.")
DAY = _("A date is expected: YYYY-MM-DD.")
MOMENT = _("A moment is expected, with its time zone: 2026-01-31T09:00:00Z.")

# pydantic's codes that a client can meet here.
WORDS: Mapping[str, Any] = {
    "missing": _("This field is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_type": TEXT,
    "string_too_short": _("This may not be empty."),
    "string_too_long": _("At most %(max_length)s characters."),
    "string_pattern_mismatch": _("This text holds characters that are not allowed, or has another form."),
    "int_type": INTEGER,
    "int_parsing": INTEGER,
    "int_parsing_size": INTEGER,
    "int_from_float": INTEGER,
    "bool_type": _("true or false is expected."),
    "bool_parsing": _("true or false is expected."),
    "decimal_type": DECIMAL,
    "decimal_parsing": DECIMAL,
    "decimal_max_digits": _("At most %(max_digits)s digits."),
    "decimal_max_places": _("At most %(decimal_places)s decimal places."),
    "decimal_whole_digits": _("At most %(whole_digits)s digits before the decimal point."),
    "finite_number": DECIMAL,
    "greater_than_equal": _("At least %(ge)s."),
    "greater_than": _("More than %(gt)s."),
    "less_than_equal": _("At most %(le)s."),
    "literal_error": _("One of: %(expected)s."),
    "list_type": _("A list is expected."),
    "too_long": _("At most %(max_length)s entries."),
    "too_short": _("At least %(min_length)s entries."),
    "model_attributes_type": _("An object is expected."),
    "model_type": _("An object is expected."),
    "dict_type": _("An object is expected."),
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT,
    "not_decimal": DECIMAL,
    "not_a_day": DAY,
    "not_a_moment": MOMENT,
}


def fields_of(error: ValidationError) -> dict[str, list[str]]:
    """Field, with a dot before what lies within it → what is wrong."""
    found: dict[str, list[str]] = {}
    for item in error.errors:
        path = [str(step) for step in item.get("loc", ()) if step not in WHERE]
        found.setdefault(".".join(path), []).append(words_of(item))
    return found


def words_of(item: Mapping[str, Any]) -> str:
    words = WORDS.get(str(item.get("type")), OTHER)
    try:
        return str(words) % (item.get("ctx") or {})
    except (KeyError, ValueError, TypeError):
        return str(OTHER)
