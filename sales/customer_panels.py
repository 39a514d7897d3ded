"""What this room adds to the page of a customer: its opportunities, and their events in words."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from crm.names import name_at, names_at
from crm.together import Row
from customers.panels import Panel, panels
from customers.phrases import Phrase, named, phrases
from sales.lists import STATE_TONES
from sales.models import Opportunity, Stage
from sales.states import OpportunityState

SHOWN = 6

PHRASES = {
    "move": Phrase("arrow-right", _("Opportunity moved from “%(stage_before)s” to “%(stage)s”"), "info"),
    "win": Phrase("trophy", _("Opportunity won: %(amount)s %(currency)s"), "good"),
    "lose": Phrase("circle-x", _("Opportunity lost: %(reason)s"), "bad", "opportunity_lost_reason"),
    "reopen": Phrase("refresh", _("Opportunity opened again")),
    "add_product": Phrase("package", _("Product added to an opportunity")),
    "change_product": Phrase("package", _("Product of an opportunity changed")),
    "remove_product": Phrase("package", _("Product removed from an opportunity")),
}


def add_to_customers() -> None:
    for verb, phrase in PHRASES.items():
        phrases.add(f"opportunity.{verb}", phrase)
    named.add("stage", Stage.objects.all)  # unscoped: stages are for everybody
    panels.add(
        "opportunities",
        Panel(
            "opportunities", _("Opportunities"), 10, "sales/_customer_opportunities.html", opportunities_of,
            shown_opportunities, icon="target",
            url=lambda customer: f"{reverse('sales:opportunity_list')}?customer={customer.pk}",
        ),
    )  # fmt: skip


def opportunities_of(user: Any, customer: Any) -> QuerySet | None:
    """The open ones first, then those closed last."""
    if not access.allows(user, "view", "opportunity"):
        return None
    rows = Opportunity.objects.below(user, customer).order_by(F("closed_on").desc(nulls_first=True), "-pk")
    columns = ("pk", "name", "state", "amount", "currency", "ends_on", "owner__name", *names_at("stage"))
    return rows.values(*columns)[:SHOWN]


def shown_opportunities(user: Any, customer: Any, rows: list[Row]) -> dict[str, Any]:
    formats = current_formats()
    shown = [
        {
            "url": reverse("sales:opportunity_detail", args=[row["pk"]]),
            "name": row["name"],
            "state": name_at(row, "stage") if row["state"] == "open" else OpportunityState(row["state"]).label,
            "tone": STATE_TONES[row["state"]],
            "amount": formats.money(row["amount"], row["currency"]),
            "date": formats.date(row["ends_on"]),
            "owner": row["owner__name"] or "",
        }
        for row in rows
    ]
    may_create = access.allows(user, "create", "opportunity")
    new_url = f"{reverse('sales:opportunity_create')}?customer={customer.pk}" if may_create else ""
    return {"rows": shown, "new_url": new_url}
