"""Shapes that all collections share. Values are taken by their type: a number as text is a mistake."""

import datetime
import re
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from crm.money import round_money

BIGGEST = 2**63 - 1
# Beyond these years zones and formats break; no business date lies there.
_FIRST, _LAST = datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)
_DECIMAL = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
_MOMENT = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6}\d*)?([Zz]|[+-]\d\d:\d\d)"


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("not_decimal", "a decimal number is expected")
    if isinstance(value, str) and not re.fullmatch(_DECIMAL[1:-1], value, re.ASCII):
        raise PydanticCustomError("not_decimal", "a decimal number is expected")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise PydanticCustomError("not_a_day", "a date is expected")


def _moment(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_MOMENT, value, re.ASCII):
        return value
    raise PydanticCustomError("not_a_moment", "a moment is expected")


class Model(Schema):
    """A body that refuses fields it does not know: a typing mistake must not look like success."""

    model_config = ConfigDict(extra="forbid")


# PostgreSQL's text holds no NUL; control characters have no business in a name.
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00\r\n]*$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00\r\n]*$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60, pattern=r"^[^\x00]*$")]
Id = Annotated[int, Field(ge=1, le=BIGGEST, strict=True)]
IdAsked = Annotated[int, Field(ge=1, le=BIGGEST)]  # in an address everything is text
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[datetime.date, BeforeValidator(_day), Field(ge=_FIRST, le=_LAST)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    Field(
        ge=datetime.datetime(1900, 1, 2, tzinfo=datetime.UTC), le=datetime.datetime(2999, 12, 30, tzinfo=datetime.UTC)
    ),
]
# Taken as text or number, shown as text: a float would round it.
Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=-(10**14), le=10**14, max_digits=18, decimal_places=4),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _DECIMAL}, {"type": "number"}], "examples": ["12.50"]},
                   mode="validation"),
    WithJsonSchema({"type": "string", "pattern": _DECIMAL}, mode="serialization"),
]  # fmt: skip


class Money(Model):
    """An amount as text, in a currency by its ISO 4217 code."""

    amount: Number
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class MoneyShown(Schema):
    """An amount as text, in a currency by its ISO 4217 code."""

    amount: str
    currency: str


class Problem(Schema):
    """RFC 9457. ``reason``, ``state`` and ``allowed`` come with 409; ``errors`` with 422."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    reason: str | None = None
    state: str | None = None
    allowed: list[str] | None = None
    errors: dict[str, list[str]] | None = None
    version: int | None = None


class Reason(Model):
    """What many verbs take: a reason (a dictionary code, or text) and a note."""

    reason: Line | None = None
    note: Text | None = None


def money(amount: Decimal | None, currency: str) -> dict[str, Any] | None:
    """An amount as the API shows it, or None."""
    if amount is None:
        return None
    return {"amount": format(round_money(amount, currency or "EUR"), "f"), "currency": currency or "EUR"}
