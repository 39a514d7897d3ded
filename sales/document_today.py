"""What quotes and orders add to the page of today: answers to ask for, approvals, money that is late."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from crm.lists.branches import branches_of
from crm.lists.keyset import Order as InOrder
from crm.together import Row
from customers.today import SHOWN, Block, BlockSource, Day, Item, first_of, more, today_blocks
from sales.models import Instalment, Order, Quote
from sales.states import OrderState, QuoteState

SOON = datetime.timedelta(days=7)
FEW = 1_000
COLUMNS = ("pk", "number", "gross", "currency", "customer__name")


def add_documents_to_today() -> None:
    today_blocks.add("quotes_ending", QUOTES_ENDING)
    today_blocks.add("quotes_to_approve", QUOTES_TO_APPROVE)
    today_blocks.add("orders_to_confirm", ORDERS_TO_CONFIRM)
    today_blocks.add("instalments_overdue", INSTALMENTS_OVERDUE)


def _quotes_ending(day: Day) -> QuerySet | None:
    """Her own sent ones whose last day comes within a week: ask for the answer."""
    if not _sees_and(day.user, "change", "quote"):
        return None
    rows = Quote.objects.live().filter(owner=day.user, state=QuoteState.SENT, valid_until__lte=day.date + SOON)
    return rows.order_by("valid_until", "pk").values(*COLUMNS, "valid_until")[: SHOWN + 1]


def _show_quotes_ending(day: Day, rows: list[Row]) -> Block | None:
    until = (day.date + SOON).isoformat()
    url = f"{reverse('sales:quote_list')}?owner={day.user.pk}&state=sent&valid_before={until}&sort=valid"
    items = [_item(row, "quote", row["valid_until"], day) for row in rows[:SHOWN]]
    return Block(_("Quotes that end soon"), "file-text", 32, items, url, more(rows)) if items else None


def _quotes_to_approve(day: Day) -> QuerySet | None:
    rows = _to_approve(day.user, Quote, "quote", QuoteState.PENDING)
    return None if rows is None else rows.values(*COLUMNS, "valid_until")


def _show_quotes_to_approve(day: Day, rows: list[Row]) -> Block | None:
    items = [_item(row, "quote", row["valid_until"], day) for row in rows[:SHOWN]]
    url = f"{reverse('sales:quote_list')}?state=pending"
    return Block(_("Quotes to approve"), "thumb-up", 12, items, url, more(rows)) if items else None


def _orders_to_confirm(day: Day) -> QuerySet | None:
    rows = _to_approve(day.user, Order, "order", OrderState.DRAFT)
    return None if rows is None else rows.values(*COLUMNS, "ordered_on")


def _show_orders_to_confirm(day: Day, rows: list[Row]) -> Block | None:
    items = [_item(row, "order", row["ordered_on"], day) for row in rows[:SHOWN]]
    url = f"{reverse('sales:order_list')}?state=draft"
    return Block(_("Orders to confirm"), "file-invoice", 14, items, url, more(rows)) if items else None


def _to_approve(user: Any, model: Any, kind: str, state: str) -> QuerySet | None:
    """The oldest that wait for her word."""
    if not _sees_and(user, "approve", kind):
        return None
    branches = branches_of(user, model, "approve")
    return first_of(model, branches, lambda rows: rows.filter(state=state), InOrder(model, "created_at", False))


def _instalments_overdue(day: Day) -> QuerySet | None:
    """For the owner of the order, and for whoever enters receipts."""
    if access.allows(day.user, "receive", "order"):
        rows: Any = Instalment.objects.live().visible_to(day.user)
    elif _sees_and(day.user, "change", "order"):
        rows = _of_owner(day.user)
    else:
        rows = None
    if rows is None:
        return None
    columns = ("position", "amount", "received", "currency", "due_on")
    order = ("order_id", "order__number", "order__customer__name")
    return rows.overdue(day.date).order_by("due_on", "pk").values(*columns, *order)[: SHOWN + 1]


def _of_owner(user: Any) -> Any:
    """From her few unpaid orders, where they are few: by the day all that is due in the company would be read. None
    without any."""
    unpaid = Order.objects.unpaid().filter(owner=user).order_by().values_list("pk", flat=True)
    orders = list(unpaid[: FEW + 1])
    if not orders:
        return None
    rows = Instalment.objects.live().filter(order__owner=user)
    return rows.filter(order__in=orders) if len(orders) <= FEW else rows


def _show_instalments_overdue(day: Day, rows: list[Row]) -> Block | None:
    formats = current_formats()
    items = [
        Item(
            title=f"{row['order__number']} / {row['position']}",
            url=reverse("sales:order_detail", args=[row["order_id"]]),
            line=f"{row['order__customer__name']} · {formats.money(row['amount'] - row['received'], row['currency'])}",
            when=formats.relative(row["due_on"], now=day.now), tone="bad",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('sales:order_list')}?paid=no"
    return Block(_("Instalments overdue"), "cash", 33, items, url, more(rows)) if items else None


def _sees_and(user: Any, action: str, kind: str) -> bool:
    return access.allows(user, "view", kind) and access.allows(user, action, kind)


def _item(row: Row, kind: str, on: datetime.date, day: Day) -> Item:
    formats = current_formats()
    line = f"{row['customer__name']} · {formats.money(row['gross'], row['currency'])}"
    late = "bad" if on < day.date and kind == "quote" else ""
    url = reverse(f"sales:{kind}_detail", args=[row["pk"]])
    return Item(row["number"], url, line, formats.relative(on, now=day.now), late)


QUOTES_ENDING = BlockSource(_quotes_ending, _show_quotes_ending)
QUOTES_TO_APPROVE = BlockSource(_quotes_to_approve, _show_quotes_to_approve)
ORDERS_TO_CONFIRM = BlockSource(_orders_to_confirm, _show_orders_to_confirm)
INSTALMENTS_OVERDUE = BlockSource(_instalments_overdue, _show_instalments_overdue, varies=True)
