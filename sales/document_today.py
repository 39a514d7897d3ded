"""What quotes and orders add to the page of today: answers to ask for, approvals, money that is late."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from crm.formats import current_formats
from customers.today import SHOWN, Block, Item, today_blocks
from sales.business_day import today_of_company
from sales.models import Instalment, Order, Quote
from sales.states import OrderState, QuoteState

SOON = datetime.timedelta(days=7)
FEW = 1_000


def add_documents_to_today() -> None:
    today_blocks.add("quotes_ending", quotes_ending)
    today_blocks.add("quotes_to_approve", quotes_to_approve)
    today_blocks.add("orders_to_confirm", orders_to_confirm)
    today_blocks.add("instalments_overdue", instalments_overdue)


def quotes_ending(user: Any, *, now: datetime.datetime) -> Block | None:
    """Her own sent ones whose last day comes within a week: ask for the answer."""
    if not access.allows(user, "change", "quote"):
        return None
    until = today_of_company(now) + SOON
    rows = Quote.objects.visible_to(user).filter(owner=user, state=QuoteState.SENT, valid_until__lte=until)
    found = list(rows.select_related("customer").order_by("valid_until", "pk")[: SHOWN + 1])
    url = f"{reverse('sales:quote_list')}?owner={user.pk}&state=sent&valid_before={until.isoformat()}&sort=valid"
    items = [_item(row, "quote", row.valid_until, now) for row in found[:SHOWN]]
    return Block(_("Quotes that end soon"), "file-text", 32, items, url, _more(found)) if items else None


def quotes_to_approve(user: Any, *, now: datetime.datetime) -> Block | None:
    if not access.allows(user, "approve", "quote"):
        return None
    rows = Quote.objects.allowing(user, "approve").filter(state=QuoteState.PENDING)
    found = list(rows.select_related("customer").order_by("pk")[: SHOWN + 1])
    items = [_item(row, "quote", row.valid_until, now) for row in found[:SHOWN]]
    url = f"{reverse('sales:quote_list')}?state=pending"
    return Block(_("Quotes to approve"), "thumb-up", 12, items, url, _more(found)) if items else None


def orders_to_confirm(user: Any, *, now: datetime.datetime) -> Block | None:
    if not access.allows(user, "approve", "order"):
        return None
    rows = Order.objects.allowing(user, "approve").filter(state=OrderState.DRAFT)
    found = list(rows.select_related("customer").order_by("pk")[: SHOWN + 1])
    items = [_item(row, "order", row.ordered_on, now) for row in found[:SHOWN]]
    url = f"{reverse('sales:order_list')}?state=draft"
    return Block(_("Orders to confirm"), "file-invoice", 14, items, url, _more(found)) if items else None


def instalments_overdue(user: Any, *, now: datetime.datetime) -> Block | None:
    """For the owner of the order, and for whoever enters receipts."""
    if not (access.allows(user, "change", "order") or access.allows(user, "receive", "order")):
        return None
    rows: QuerySet[Instalment] = Instalment.objects.visible_to(user).overdue(today_of_company(now))
    if not access.allows(user, "receive", "order"):
        rows = _of_owner(rows, user)
    found = list(rows.select_related("order__customer").order_by("due_on", "pk")[: SHOWN + 1])
    formats = current_formats()
    items = [
        Item(
            title=f"{row.order.number} / {row.position}", url=reverse("sales:order_detail", args=[row.order_id]),
            line=f"{row.order.customer} · {formats.money(row.outstanding, row.currency)}",
            when=formats.relative(row.due_on, now=now), tone="bad",
        )
        for row in found[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('sales:order_list')}?paid=no"
    return Block(_("Instalments overdue"), "cash", 33, items, url, _more(found)) if items else None


def _of_owner(rows: QuerySet, user: Any) -> QuerySet:
    """From her few unpaid orders, where they are few: by the day all that is due in the company would be read."""
    unpaid = Order.objects.unpaid().filter(owner=user).order_by().values_list("pk", flat=True)
    orders = list(unpaid[: FEW + 1])
    return rows.filter(order__in=orders) if len(orders) <= FEW else rows.filter(order__owner=user)


def _item(row: Any, kind: str, day: datetime.date, now: datetime.datetime) -> Item:
    formats = current_formats()
    line = f"{row.customer} · {formats.money(row.gross, row.currency)}"
    late = "bad" if day < today_of_company(now) and kind == "quote" else ""
    return Item(row.number, reverse(f"sales:{kind}_detail", args=[row.pk]), line, formats.relative(day, now=now), late)


def _more(rows: list[Any]) -> str:
    return _("more") if len(rows) > SHOWN else ""
