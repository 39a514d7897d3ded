"""The list's way to give many customers to one person."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from crm.lists.actions import BulkForm
from crm.lists.spec import BulkResult
from customers.assign import assign_portion as give_portion


def assign_form(_spec: Any, user: Any) -> type[BulkForm]:
    """Asks to whom: among the people for whom the person may assign."""
    people = access.people_in_reach(user, "customer", "assign").order_by("name", "id")
    field = forms.ModelChoiceField(people, label=_("New owner"))
    return type("AssignForm", (BulkForm,), {"to": field})


def assign_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    """One portion of the batch; its moment is that of the batch, so that undo knows what stood still since."""
    to = User.objects.get(pk=values["to"])
    if "now" not in batch.params:
        batch.params = {**batch.params, "now": timezone.now().isoformat()}
    now = datetime.fromisoformat(batch.params["now"])
    return BulkResult(done=give_portion(ids, to=to, by=by, batch=batch, now=now))
