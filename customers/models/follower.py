from typing import Self

from django.db import models

from records.models import RecordQuerySet


class FollowerQuerySet(RecordQuerySet):
    def live(self) -> Self:
        """Not in the trash, and its customer is not."""
        return super().live().filter(customer__deleted_at__isnull=True)


class FollowsCustomer(models.Model):
    """A row that follows the reach of its ``customer``, a foreign key that each subclass declares.

    The copies of the customer's owner and team lead the indexes of its lists. They are a superset: set by whoever gains
    the customer, allowed to be stale once it is lost; the list checks again at the customer (accounts.access.Path).
    Plain numbers, because a sweep must not pay for a foreign key per row.
    """

    customer_owner = models.BigIntegerField(null=True, editable=False)
    customer_team = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    def copy_hints(self) -> None:
        """Stamps the copies from the customer, before the first save."""
        customer = self.customer  # type: ignore[attr-defined]
        if customer is not None:
            self.customer_owner, self.customer_team = customer.owner_id, customer.team_id
