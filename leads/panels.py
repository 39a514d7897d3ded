"""What leads add to other pages: the customer's page, and checks for duplicate customers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.together import Row
from customers import duplicates
from customers.panels import Panel, panels
from leads.duplicates import hits_of
from leads.lists import STATE_TONES
from leads.models import Lead
from leads.states import LeadState

SHOWN = 8
# Our signals by the names of the customers' check.
_NAMES = {"tax": "tax_number", "company": "name"}


def add_panels() -> None:
    panel = Panel("leads", _("Leads"), 60, "leads/_customer_panel.html", leads_of, shown_leads, icon="user-plus")
    panels.add("leads", panel)
    duplicates.sources.add("lead", similar_leads)


def leads_of(user: Any, customer: Any) -> QuerySet | None:
    """The leads that this customer came from, and those that it brought; both within reach."""
    if not access.allows(user, "view", "lead"):
        return None
    ours = Lead.objects.visible_to(user).filter(Q(customer=customer) | Q(referred_by=customer))
    return ours.order_by("-pk").values("pk", "name", "company", "state", "referred_by_id")[:SHOWN]


def shown_leads(_user: Any, customer: Any, rows: list[Row]) -> dict[str, Any] | None:
    leads = [
        {
            "pk": row["pk"],
            "title": row["name"] or row["company"],
            "state": LeadState(row["state"]).label,
            "tone": STATE_TONES[row["state"]],
            "is_referred": row["referred_by_id"] == customer.pk,
        }
        for row in rows
    ]
    return {"leads": leads} if leads else None


def similar_leads(user: Any, signals: duplicates.Signals) -> duplicates.Found:
    """For who is about to make a customer: open leads that may be the same."""
    keys = {
        "phone": sorted(signals.phones), "email": sorted(signals.emails), "domain": sorted(signals.domains),
        "tax": [signals.tax_number.casefold()] if signals.tax_number else [],
        "company": [signals.company_key] if signals.company_key else [],
    }  # fmt: skip
    hits = {pk: found for (kind, pk), found in hits_of({k: v for k, v in keys.items() if v}).items() if kind == "lead"}
    rows = list(Lead.objects.live().filter(pk__in=hits).select_related("owner").order_by("pk"))
    seen = set(Lead.objects.visible_to(user).filter(pk__in=hits).values_list("pk", flat=True))
    return duplicates.Found(
        [_match(row, hits[row.pk], True) for row in rows if row.pk in seen],
        [_match(row, hits[row.pk], False) for row in rows if row.pk not in seen],
    )


def _match(lead: Lead, signals: set[str], is_seen: bool) -> duplicates.Match:
    names = tuple(name for name in duplicates.LABELS if name in {_NAMES.get(signal, signal) for signal in signals})
    url = reverse("leads:detail", args=[lead.pk]) if is_seen else ""
    owner = str(lead.owner) if lead.owner else str(_("in the queue"))
    return duplicates.Match("lead", lead.pk, lead.title, owner, lead.created_at.date(), names, url, lead)
