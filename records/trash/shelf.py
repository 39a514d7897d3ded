"""What lies in the trash, for those who may delete it."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts import access
from records.kinds import Kind, kinds
from records.models.alias import was_merged

SHOWN = 100


@dataclass(frozen=True)
class Shelf:
    """The deleted records of one kind, newest first, at most SHOWN of them."""

    kind: Kind
    records: list[Any]
    is_cut: bool


def shelf_of(user: Any, code: str) -> Shelf:
    rows = list(deleted(user, code).select_related("deleted_by").order_by("-deleted_at", "-pk")[: SHOWN + 1])
    return Shelf(kinds[code], rows[:SHOWN], len(rows) > SHOWN)


def deleted(user: Any, code: str) -> models.QuerySet:
    """The records of a kind in the trash that the person might have deleted herself, so may restore."""
    model = kinds[code].model
    return model.objects.filter(~was_merged(code), deleted_at__isnull=False).filter(access.as_q(user, model, "delete"))  # type: ignore[attr-defined]


def trashable(user: Any) -> list[Kind]:
    """The kinds whose trash the person may open. What follows a customer comes and goes with it."""
    return [
        kind
        for kind in kinds
        if hasattr(kind.model, "access") and kind.model.access.owned and access.allows(user, "delete", kind.code)
    ]
