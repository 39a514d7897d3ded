"""Who is given an opportunity without reaching its customer reads the customer for as long as it is open."""

from typing import TYPE_CHECKING, Any

from accounts import access
from records.models import Collaborator

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


def share_customer(opportunity: "Opportunity", *, by: Any) -> None:
    customer, owner = opportunity.customer, opportunity.owner
    if customer is None or owner is None or not opportunity.is_open or access.covers(owner, customer):
        return
    Collaborator.objects.get_or_create(
        user=owner,
        subject_kind="customer",
        subject_id=customer.pk,
        because_kind=opportunity.kind,
        because_id=opportunity.pk,
        defaults={"added_by": by},
    )


def end_share(opportunity: "Opportunity") -> None:
    Collaborator.objects.filter(because_kind=opportunity.kind, because_id=opportunity.pk).delete()
