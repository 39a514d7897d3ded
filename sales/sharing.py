"""Who is given an opportunity without reaching its customer reads the customer for as long as it is open."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps

from customers.share_open import share_customers_of
from records.sharing import end_because, share_because

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


def share_customer(opportunity: "Opportunity", *, by: Any) -> None:
    if opportunity.is_open:
        share_because(opportunity.customer, opportunity.owner, opportunity, by=by)


def share_customers(ids: Iterable[int], *, by: Any) -> None:
    """The same for many opportunities: a few statements per owner."""
    share_customers_of(apps.get_model("sales", "Opportunity"), ids, by=by)


def end_share(opportunity: "Opportunity") -> None:
    end_because(opportunity)
