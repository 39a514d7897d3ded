from typing import Any, Self

from django.apps import apps
from django.db import models

from accounts import access
from accounts.access import Path

OF_ITS_ORDER = Path("order", owned=False, via="order")


class FollowsOrderQuerySet(models.QuerySet):
    """Rows that hang on an order and share its reach. Money hangs on them, so none is ever in the trash."""

    def live(self) -> Self:
        return self.filter(order__deleted_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        return self.filter(order__in=apps.get_model("sales", "Order").objects.visible_to(user).order_by().values("pk"))

    def allowing(self, user: Any, action: str) -> Self:
        rows = self.visible_to(user)
        return rows if action == "view" else rows.filter(access.as_q(user, self.model, action))
