"""Who is given an opportunity without reaching its customer reads the customer for as long as it is open."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps

from accounts.models import User
from records.models import Collaborator
from records.sharing import end_because, share_because

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


def share_customer(opportunity: "Opportunity", *, by: Any) -> None:
    if opportunity.is_open:
        share_because(opportunity.customer, opportunity.owner, opportunity, by=by)


def share_customers(ids: Iterable[int], *, by: Any) -> None:
    """The same for many opportunities: a few statements per owner."""
    opportunities = apps.get_model("sales", "Opportunity").objects.open().filter(pk__in=list(ids))
    opportunities = opportunities.filter(customer__isnull=False, owner__isnull=False)
    owners = User.objects.filter(pk__in=opportunities.order_by().values("owner").distinct())
    customers = apps.get_model("customers", "Customer")
    for owner in owners.order_by("pk"):
        reached = customers.objects.visible_to(owner).values("pk")
        pairs = opportunities.filter(owner=owner).exclude(customer__in=reached).order_by("pk")
        Collaborator.objects.bulk_create(
            (_share(owner.pk, customer, pk, by) for pk, customer in pairs.values_list("pk", "customer")),
            batch_size=5_000,
            ignore_conflicts=True,
        )


def end_share(opportunity: "Opportunity") -> None:
    end_because(opportunity)


def _share(user_id: int, customer_id: int, opportunity_id: int, by: Any) -> Collaborator:
    return Collaborator(
        user_id=user_id,
        subject_kind="customer",
        subject_id=customer_id,
        because_kind="opportunity",
        because_id=opportunity_id,
        added_by=by,
    )
