"""What leads add to the page of today: new ones to contact, and for who leads, the queue and what is late."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach
from crm.formats import current_formats
from customers.today import SHOWN, Block, Figure, Item, count_in_list, today_blocks, today_figures
from leads.models import Lead
from leads.states import OPEN, LeadState


def add_to_today() -> None:
    today_blocks.add("leads", leads_to_contact)
    today_figures.add("leads", lead_figures)


def leads_to_contact(user: Any, *, now: datetime) -> Block | None:
    """Her own leads nobody spoke to yet, the most urgent first."""
    if not access.allows(user, "work", "lead"):
        return None
    mine = Lead.objects.live().filter(owner=user, state=LeadState.ASSIGNED)
    rows = list(mine.order_by("next_contact_at", "pk")[: SHOWN + 1])
    if not rows:
        return None
    url = f"{reverse('leads:list')}?owner={user.pk}&state=assigned&sort=next"
    items = [_item(row, now) for row in rows[:SHOWN]]
    return Block(_("New leads to contact"), "user-plus", 5, items, url, _("more") if len(rows) > SHOWN else "")


def _item(lead: Lead, now: datetime) -> Item:
    due = lead.first_contact_due_at or lead.next_contact_at
    is_late = bool(due and due < now)
    line = " · ".join(filter(None, (lead.company if lead.name else "", lead.phone or lead.email)))
    return Item(
        title=lead.title, url=reverse("leads:detail", args=[lead.pk]), line=line,
        when=current_formats().relative(due or lead.assigned_at, now=now), tone="bad" if is_late else "",
        href=f"tel:{lead.phone}" if lead.phone else "",
    )  # fmt: skip


def lead_figures(user: Any, *, now: datetime) -> Iterable[Figure]:
    """For those who assign leads."""
    if access.reach_of(user, "lead", "assign") < Reach.TEAM:
        return
    listed = reverse("leads:list")
    waiting = _count(user, lambda rows: rows.filter(state=LeadState.NEW, owner__isnull=True))
    yield Figure(_("Leads in the queue"), waiting, f"{listed}?work=waiting", 12, "warn" if waiting != "0" else "")
    late = _count(
        user, lambda rows: rows.filter(state=LeadState.ASSIGNED, first_contact_due_at__lte=now), "next_contact_at"
    )
    yield Figure(_("First contacts overdue"), late, f"{listed}?work=late&sort=next", 13, "bad" if late != "0" else "")
    open_ones = _count(user, lambda rows: rows.filter(state__in=OPEN))
    yield Figure(_("Open leads"), open_ones, f"{listed}?work=open", 35)


def _count(user: Any, narrow: Callable[[QuerySet], QuerySet], sort: str = "-created_at") -> str:
    return count_in_list(user, Lead, narrow, sort)
