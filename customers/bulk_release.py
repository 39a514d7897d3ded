"""The list's way to release many customers into a pool."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lists.actions import BulkForm
from crm.lists.spec import BulkResult
from customers import release
from customers.models import Pool
from records.dictionary import entries


def release_form(_spec: Any, user: Any) -> type[BulkForm]:
    """Asks why, and into which pool where there are several."""
    reasons = [(entry.code, entry.label) for entry in entries("release_reason")]
    pools = Pool.objects.visible_to(user)
    fields: dict[str, forms.Field] = {"reason": forms.ChoiceField(choices=[("", ""), *reasons], label=_("Reason"))}
    if len(pools) > 1:
        fields["pool"] = forms.ModelChoiceField(pools, label=_("Into the pool"))
    return type("ReleaseForm", (BulkForm,), fields)


def release_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    """One portion of the batch; its moment is that of the batch, so that undo knows what stood still since."""
    if "now" not in batch.params:
        batch.params = {**batch.params, "now": timezone.now().isoformat()}
    pool = Pool.objects.active().filter(pk=values.get("pool")).first() or Pool.default()
    now = datetime.fromisoformat(batch.params["now"])
    done = release.release_portion(ids, by=by, reason=values["reason"], pool=pool, batch=batch, now=now)
    return BulkResult(done=done)
