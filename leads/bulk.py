"""The actions of the leads list on many rows: portions of one batch, rows that are refused with the reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from crm.lists.spec import BulkResult
from leads.assign import assign_leads
from leads.lose_many import lose_many
from leads.models import Lead
from leads.reassign import assign_many
from records.dictionary import choices
from records.models import DictionaryEntry


def assign_form(_spec: Any, user: Any) -> type[forms.Form]:
    """Asks to whom: somebody whose leads the person may assign."""

    class AssignForm(forms.Form):
        owner = forms.ModelChoiceField(access.people_in_reach(user, "lead", "assign"), label=gettext_lazy("To"))

    return AssignForm


def assign(ids: Sequence[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    given = assign_many(ids, values["owner"], by=by, batch=batch)
    why = _("is closed, or belongs to this person already")
    return BulkResult(len(given), [(pk, why) for pk in ids if pk not in set(given)])


def assign_by_rules(ids: Sequence[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    outcome = assign_leads(now=timezone.now(), only=list(ids), by=by, batch=batch)
    given = set(Lead.objects.filter(pk__in=ids, owner__isnull=False, rule__isnull=False).values_list("pk", flat=True))
    why = _("does not wait, or nobody can take it now")
    return BulkResult(outcome.moved, [(pk, why) for pk in ids if pk not in given])


def lose_form(_spec: Any, _user: Any) -> type[forms.Form]:
    class LoseForm(forms.Form):
        reason = forms.ChoiceField(choices=lambda: choices("lead_lost_reason"), label=gettext_lazy("Reason"))
        note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    return LoseForm


def lose(ids: Sequence[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    reason = DictionaryEntry.objects.get(list="lead_lost_reason", pk=values["reason"])
    lost = lose_many(ids, reason, by=by, note=values.get("note", ""), batch=batch)
    why = _("is closed already")
    return BulkResult(len(lost), [(pk, why) for pk in ids if pk not in set(lost)])
