"""Cells of the lists of money: states that follow from several columns, and what is left to come in."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from crm.formats import Formats
from crm.lists.cells import Cell, Row, Show, around_number
from sales.business_day import today

NOTHING = '<span class="nothing"></span>'  # takes no room on the cards of a phone, and is no dash in the table
TONES = {"open": "info", "overdue": "bad", "paid": "good", "void": "neutral", "credit_note": "warn"}


def state_of_invoice(*, is_credit_note: bool, is_void: bool, left: Decimal, due_on: datetime.date, day: Any) -> str:
    if is_credit_note:
        return "credit_note"
    if is_void:
        return "void"
    if left <= 0:
        return "paid"
    return "overdue" if due_on < day else "open"


@dataclass(frozen=True)
class InvoiceState(Cell):
    def sources(self, path: str) -> tuple[str, ...]:
        return ("credits_id", "is_void", "due_on", "instalment__amount", "instalment__received")

    def code_of(self) -> Callable[[Row], str]:
        day = today()
        return lambda row: state_of_invoice(
            is_credit_note=row["credits_id"] is not None, is_void=row["is_void"],
            left=row["instalment__amount"] - row["instalment__received"], due_on=row["due_on"], day=day,
        )  # fmt: skip

    def show(self, path: str, formats: Formats) -> Show:
        from sales.money_filters import INVOICE_STATES

        code_of = self.code_of()
        made = {code: f'<span class="badge tag-{TONES[code]}">{escape(label)}</span>' for code, label in INVOICE_STATES}
        return lambda row: made[code_of(row)]

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        from sales.money_filters import INVOICE_STATES

        code_of, labels = self.code_of(), {code: str(label) for code, label in INVOICE_STATES}
        return lambda row: labels[code_of(row)]


@dataclass(frozen=True)
class Left(Cell):
    """Amount less received, of the instalment at ``prefix``; red when its day is over. Nothing once it is paid."""

    prefix: str = ""
    css = "num"

    def sources(self, path: str) -> tuple[str, ...]:
        return (f"{self.prefix}amount", f"{self.prefix}received", "due_on", "currency", *self._standing)

    @property
    def _standing(self) -> tuple[str, ...]:
        return ("credits_id", "is_void") if self.prefix else ()

    def _left(self, row: Row) -> Decimal:
        stands = not self.prefix or (row["credits_id"] is None and not row["is_void"])
        return row[f"{self.prefix}amount"] - row[f"{self.prefix}received"] if stands else Decimal(0)

    def show(self, path: str, formats: Formats) -> Show:
        day = today()

        def show(row: Row) -> str:
            left = self._left(row)
            if left <= 0:
                return ""
            text = escape(formats.money(left, row["currency"]))
            return f'<strong class="text-bad">{text}</strong>' if row["due_on"] < day else text

        return show

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return self._left


@dataclass(frozen=True)
class ReceiveLink(Cell):
    """A button that leads to the page where the money of an open instalment is entered."""

    def sources(self, path: str) -> tuple[str, ...]:
        return ("state",)

    def show(self, path: str, formats: Formats) -> Show:
        before, after = around_number("sales:instalment_receive")
        text = escape(_("Receive"))
        return lambda row: (
            f'<a class="btn btn-sm" href="{before}{row["pk"]}{after}">{text}</a>' if row["state"] != "paid" else NOTHING
        )

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: None
