"""A constraint of the database that says no answers like a field that is not right."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _


def errors_of(error: IntegrityError | DataError) -> dict[str, list[str]]:
    """By field where the constraint names one; the words are the constraint's own."""
    diag = getattr(error.__cause__, "diag", None)
    name = getattr(diag, "constraint_name", None) or ""
    field, message = _known().get(name, ("", _("This is not possible with what is stored already.")))
    return {field: [str(message)]}


@cache
def _known() -> dict[str, tuple[str, Any]]:
    """Constraint → (field, message)."""
    return {
        constraint.name: (fields[0] if len(fields := getattr(constraint, "fields", ()) or ()) == 1 else "",
                          constraint.get_violation_error_message())
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }  # fmt: skip
