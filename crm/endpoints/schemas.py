"""Shapes that all collections share."""

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from crm.money import round_money


class Model(Schema):
    """A body that refuses fields it does not know: a typing mistake must not look like success."""

    model_config = ConfigDict(extra="forbid")


class Money(Model):
    """An amount as text, in a currency by its ISO 4217 code."""

    amount: Annotated[Decimal, Field(max_digits=18, decimal_places=4, examples=["12.50"])]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


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


# PostgreSQL's text holds no NUL; control characters have no business in a name.
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00\r\n]*$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00\r\n]*$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Reason(Model):
    """What many verbs take: a reason (a dictionary code, or text) and a note."""

    reason: Line | None = None
    note: Text | None = None


def money(amount: Decimal | None, currency: str) -> dict[str, Any] | None:
    """An amount as the API shows it, or None."""
    if amount is None:
        return None
    return {"amount": format(round_money(amount, currency or "EUR"), "f"), "currency": currency or "EUR"}
