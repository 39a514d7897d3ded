"""What this room adds to the page of a customer: its opportunities, and their events in words."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from customers.panels import Panel, panels
from customers.phrases import Phrase, phrases
from sales.lists import STATE_TONES
from sales.models import Opportunity

SHOWN = 6

PHRASES = {
    "move": Phrase("arrow-right", _("Opportunity moved to another stage"), "info"),
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
    panels.add(
        "opportunities",
        Panel(
            "opportunities", _("Opportunities"), 10, "sales/_customer_opportunities.html", opportunities_of,
            icon="target", url=lambda customer: f"{reverse('sales:opportunity_list')}?customer={customer.pk}",
        ),
    )  # fmt: skip


def opportunities_of(user: Any, customer: Any) -> dict[str, Any] | None:
    """The open ones first, then those closed last; one statement."""
    if not access.allows(user, "view", "opportunity"):
        return None
    rows = Opportunity.objects.visible_to(user).filter(customer=customer).select_related("stage", "owner")
    found = rows.order_by(F("closed_on").desc(nulls_first=True), "-pk")[:SHOWN]
    formats = current_formats()
    shown = [
        {
            "url": reverse("sales:opportunity_detail", args=[row.pk]),
            "name": row.name,
            "state": row.stage.label if row.is_open else row.get_state_display(),
            "tone": STATE_TONES[row.state],
            "amount": formats.money(row.amount, row.currency),
            "date": formats.date(row.ends_on),
            "owner": row.owner.name if row.owner else "",
        }
        for row in found
    ]
    may_create = access.allows(user, "create", "opportunity")
    new_url = f"{reverse('sales:opportunity_create')}?customer={customer.pk}" if may_create else ""
    return {"rows": shown, "new_url": new_url}
