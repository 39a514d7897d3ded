"""Rows named by thousands of ids: one parameter for all of them."""

from typing import Any

from django.db.models import BigIntegerField, BooleanField
from django.db.models.expressions import Func, RawSQL


class AnyOf(Func):
    """``id = ANY(array)``: an IN would be a parameter for each of thousands."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " = ANY"

    def __init__(self, number: Any, ids: list[int], **extra: Any) -> None:
        super().__init__(number, RawSQL("%s::bigint[]", [ids], output_field=BigIntegerField()), **extra)
