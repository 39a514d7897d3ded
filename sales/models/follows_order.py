from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts import access
from accounts.access import Path

OF_ITS_ORDER = Path("order", owned=False, via="order")
# The same for what has a list: the row itself says whose order it hangs on.
LISTED_BY_ITS_ORDER = Path("order", owned=False, via="order", copied="order_")


class FollowsOrderQuerySet(models.QuerySet):
    """Rows that hang on an order and share its reach. Money hangs on them, so none is ever in the trash."""

    def live(self) -> Self:
        return self.filter(order__deleted_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        return self.filter(order__in=apps.get_model("sales", "Order").objects.visible_to(user).order_by().values("pk"))

    def allowing(self, user: Any, action: str) -> Self:
        rows = self.visible_to(user)
        return rows if action == "view" else rows.filter(access.as_q(user, self.model, action))


class ListedByOrderQuerySet(FollowsOrderQuerySet):
    def live(self) -> Self:
        return self.filter(is_live=True)


class ListedByOrder(models.Model):
    """What a list asks of a row's order, copied to the row, so that it is walked by an index like the orders are.

    Triggers keep the copies (sales/copies_of_order.py), in the transaction that changes the order.
    """

    order_owner = models.BigIntegerField(null=True, editable=False)
    order_team = models.BigIntegerField(null=True, editable=False)
    # Owner and team of the customer where those are not the order's own.
    order_other_owner = models.BigIntegerField(null=True, editable=False)
    order_other_team = models.BigIntegerField(null=True, editable=False)
    # Whether the list shows it: not of an order in the trash; of instalments, only those of orders that count.
    is_live = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


def listed_by_order(sort: str, prefix: str, *extra: str) -> list[models.Index]:
    """The five walks of such a list in one order, as ``sales.models.walks.listed_by`` makes them for orders."""
    tail, live = [sort, "-id" if sort.startswith("-") else "id", *extra], Q(is_live=True)
    strange = [("order_other_owner", "cust_own"), ("order_other_team", "cust_team")]
    return [
        models.Index(fields=["order_owner", *tail], name=f"{prefix}_own", condition=live),
        # Ends with the owner: a supervisor's own rows are left out here by the index alone.
        models.Index(fields=["order_team", *tail, "order_owner"], name=f"{prefix}_team", condition=live),
        models.Index(fields=tail, name=f"{prefix}_all", condition=live),
        *(
            models.Index(fields=[name, *tail], name=f"{prefix}_{end}", condition=live & Q(**{f"{name}__isnull": False}))
            for name, end in strange
        ),
    ]
