"""Many churn cases decided at once, from their list: one statement per portion, taken back by undo."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from crm.forms.inputs import DayInput
from crm.lists.actions import BulkForm
from crm.lists.spec import BulkAction, BulkResult
from customers.churn.case import LONGEST
from customers.derived import derive
from customers.models import ChurnCase
from customers.states import CHURN_MOVES
from records.dictionary import entries, entry_by_code
from records.refusals import Refused

DEFERRED, CONFIRMED = "defer_churn", "confirm_churn"

# What people typed stands in the changes, never in the event; undo reads it there.
_DECIDE = """
WITH held AS (
    SELECT h.id, h.customer_id, h.state, h.measures, h.deferred_until, c.owner_id, c.team_id
    FROM customers_churncase h JOIN customers_customer c ON c.id = h.customer_id
    WHERE h.id = ANY(%(ids)s) AND h.state = ANY(%(sources)s) AND h.deleted_at IS NULL
    ORDER BY c.id, h.id FOR NO KEY UPDATE OF c, h
), moved AS (
    UPDATE customers_churncase h SET state = %(target)s, {sets} FROM held WHERE h.id = held.id RETURNING h.id
), logged AS (
    INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, %(by)s, %(verb)s, 'churn', held.id, held.customer_id, %(batch)s,
           jsonb_build_object('state', jsonb_build_array(held.state, %(target)s::text)) || {facts}
    FROM held JOIN moved USING (id) RETURNING id, subject_id
), kept AS (
    INSERT INTO records_change (event_id, field, before, after)
    SELECT l.id, f.field, f.before, f.after FROM logged l JOIN held ON held.id = l.subject_id
    CROSS JOIN LATERAL (VALUES {changes}) f(field, before, after)
)
SELECT id, customer_id FROM held
"""
_DEFER = {
    "sets": "measures = %(measures)s, deferred_until = %(until)s::date",
    "facts": "jsonb_build_object('until', %(until)s::text)",
    "changes": """('measures', to_jsonb(held.measures), to_jsonb(%(measures)s::text)),
                  ('deferred_until', to_jsonb(held.deferred_until), to_jsonb(%(until)s::date))""",
}
_CONFIRM = {
    "sets": """reason_id = %(reason)s, competitor = %(competitor)s, end_note = %(note)s, confirmed_on = %(today)s::date,
               owner_at_confirm_id = held.owner_id, team_at_confirm_id = held.team_id""",
    "facts": """jsonb_strip_nulls(jsonb_build_object('reason', %(code)s::text, 'owner', held.owner_id,
                                                     'team', held.team_id))""",
    "changes": "('competitor', to_jsonb(''::text), to_jsonb(%(competitor)s::text))",
}


class DeferForm(BulkForm):
    measures = forms.CharField(
        label=gettext_lazy("Measures"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What is done to keep these customers."),
    )  # fmt: skip
    until = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())

    def clean_until(self) -> datetime.date:
        until: datetime.date = self.cleaned_data["until"]
        if not _today() < until <= _today() + LONGEST:
            raise forms.ValidationError(_("Choose a day that lies ahead, within a year."))
        return until


def defer_form(_spec: Any, _user: Any) -> type[BulkForm]:
    return DeferForm


def confirm_form(_spec: Any, _user: Any) -> type[BulkForm]:
    reasons = [("", ""), *((entry.code, entry.label) for entry in entries("churn_reason"))]
    fields: dict[str, forms.Field] = {
        "reason": forms.ChoiceField(choices=reasons, label=_("Reason")),
        "competitor": forms.CharField(label=_("Competitor"), max_length=200, required=False),
        "note": forms.CharField(label=_("Note"), max_length=500, required=False),
    }
    return type("ConfirmForm", (BulkForm,), fields)


def defer_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    asked = {"measures": values["measures"].strip(), "until": str(values["until"])}
    return _decide("defer", _DEFER, ids, by=by, batch=batch, **asked)


def confirm_portion(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
    reason = entry_by_code("churn_reason", values["reason"])
    if reason is None:
        raise Refused(_("Say why this customer is lost."), reason="reason")
    asked = {"competitor": values["competitor"].strip(), "note": values["note"].strip(), "today": _today()}
    return _decide("confirm", _CONFIRM, ids, by=by, batch=batch, reason=reason.pk, code=reason.code, **asked)


def _decide(verb: str, parts: dict[str, str], ids: Iterable[int], *, by: Any, batch: Any, **asked: Any) -> BulkResult:
    sources, target = CHURN_MOVES[verb]
    params = {
        "ids": list(ids), "sources": sorted(sources), "target": target, "verb": verb, "at": timezone.now(),
        "by": by.pk, "batch": batch.pk, **asked,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE.format(**parts), params)
        moved = dict(cursor.fetchall())
    derive(moved.values())
    return BulkResult(len(moved), _refused(set(params["ids"]) - set(moved)))


def _refused(ids: set[int]) -> list[tuple[int, str]]:
    """Those whose state forbids it, each with its state."""
    cases = ChurnCase.objects.filter(pk__in=ids).order_by("pk")
    return [(case.pk, _("It is %(state)s.") % {"state": case.get_state_display()}) for case in cases]


def _today() -> datetime.date:
    return timezone.now().astimezone(Company.get().zone).date()


ACTIONS = (
    BulkAction(
        "defer", gettext_lazy("Defer with measures"), "clock-pause", "change", DEFERRED, defer_portion,
        form=defer_form, explain=gettext_lazy("Each case is open again on that day; until then no rule takes it."),
    ),
    BulkAction(
        "confirm", gettext_lazy("Confirm the loss"), "circle-x", "change", CONFIRMED, confirm_portion,
        form=confirm_form, tone="danger",
        explain=gettext_lazy("They count as lost from today on. They can be won back later."),
    ),
)  # fmt: skip
