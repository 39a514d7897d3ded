from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.models import Event
from records.refusals import Refused
from sales.models import Order, Quote


@transaction.atomic
def edit_document(document: Quote | Order, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
    """Changes what is typed on a draft. What was submitted or confirmed stays, whoever had its form open."""
    # A row of its own: the form has written into the one it holds.
    stored = type(document)._base_manager.get(pk=document.pk).lock()
    if stored.is_deleted or not stored.is_draft:
        raise Refused(_("Only a draft can be changed."), reason="state", state=stored.state)
    return document.edit(values, by=by, **how)
