"""Which tables hold on to a row: their foreign keys forbid that it is deleted."""

from typing import Any

from django.db import models
from django.db.models import PROTECT


def protecting(model: type[models.Model]) -> list[Any]:
    """The foreign keys to the model that protect its rows, those without a name for the way back included."""
    relations = model._meta.get_fields(include_hidden=True)
    return [
        relation.field  # type: ignore[union-attr]
        for relation in relations
        if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is PROTECT
    ]
