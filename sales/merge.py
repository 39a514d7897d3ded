"""What of this room hangs on a customer that is merged, and who keeps reading it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.share_open import share_open_of
from records.merge.kinds import followers
from records.merge.links import Link, add_links
from sales.models import Opportunity


def add_links_to_customers() -> None:
    """Documents that were sent or confirmed go over as they are: the database lets them follow an alias only."""
    add_links(
        Link("customer", "sales.Opportunity", "customer_id", _("opportunities"), of="opportunity"),
        Link("customer", "sales.Quote", "customer_id", _("quotes"), of="quote"),
        Link("customer", "sales.Order", "customer_id", _("orders"), of="order"),
    )
    followers.add("opportunities", share_open_opportunities)


def share_open_opportunities(kind: str, *, keep: int, drop: int, by: Any) -> None:
    if kind == "customer":
        share_open_of(Opportunity, keep, drop, by=by)
