"""What leads add to the page of today: new ones to contact, and for who leads, the queue and what is late."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from crm.lists.keyset import Order
from crm.together import Row
from customers.today import (
    SHOWN,
    Block,
    BlockSource,
    Count,
    Day,
    FigureSource,
    Item,
    counted,
    more,
    today_blocks,
    today_figures,
)
from leads.models import Lead
from leads.states import OPEN, LeadState


def add_to_today() -> None:
    today_blocks.add("leads", TO_CONTACT)
    today_figures.add("leads", QUEUE)


def _to_contact(day: Day) -> QuerySet | None:
    """Her own leads nobody spoke to yet, the most urgent first."""
    if not access.allows(day.user, "work", "lead"):
        return None
    mine = Lead.objects.live().filter(owner=day.user, state=LeadState.ASSIGNED).order_by("next_contact_at", "pk")
    columns = ("pk", "label", "name", "company", "phone", "email")
    return mine.values(*columns, "first_contact_due_at", "next_contact_at", "assigned_at")[: SHOWN + 1]


def _show_to_contact(day: Day, rows: list[Row]) -> Block | None:
    url = f"{reverse('leads:list')}?owner={day.user.pk}&state=assigned&sort=next"
    items = [_item(row, day) for row in rows[:SHOWN]]
    return Block(_("New leads to contact"), "user-plus", 5, items, url, more(rows)) if items else None


def _item(lead: Row, day: Day) -> Item:
    due = lead["first_contact_due_at"] or lead["next_contact_at"]
    is_late = bool(due and due < day.now)
    line = " · ".join(filter(None, (lead["company"] if lead["name"] else "", lead["phone"] or lead["email"])))
    return Item(
        title=lead["label"], url=reverse("leads:detail", args=[lead["pk"]]), line=line,
        when=current_formats().relative(due or lead["assigned_at"], now=day.now), tone="bad" if is_late else "",
        href=f"tel:{lead['phone']}" if lead["phone"] else "",
    )  # fmt: skip


def _assigns(user: Any) -> bool:
    return access.reach_of(user, "lead", "assign") >= Reach.TEAM


def _counts(day: Day) -> Iterable[Count]:
    """For those who assign leads: what their lists show."""
    listed, newest = reverse("leads:list"), Order(Lead, "created_at", True)
    waiting = counted(lambda rows: rows.filter(state=LeadState.NEW, owner__isnull=True), newest)
    yield Count(_("Leads in the queue"), f"{listed}?work=waiting", 12, waiting, "warn")
    late = counted(
        lambda rows: rows.filter(state=LeadState.ASSIGNED, first_contact_due_at__lte=day.now),
        Order(Lead, "next_contact_at", False),
    )  # fmt: skip
    yield Count(_("First contacts overdue"), f"{listed}?work=late&sort=next", 13, late, "bad")
    open_ones = counted(lambda rows: rows.filter(state__in=OPEN), newest)
    yield Count(_("Open leads"), f"{listed}?work=open", 35, open_ones)


TO_CONTACT = BlockSource(_to_contact, _show_to_contact)
QUEUE = FigureSource(_assigns, _counts, Lead)
