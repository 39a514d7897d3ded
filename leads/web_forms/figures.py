"""What came in by web forms: for the list of forms and for the page of one, by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from accounts.models import Company
from crm.formats import current_formats
from leads.models import Submission, WebForm
from leads.web_forms.authors import may_act, with_one_author_each

WEEKS = 12
RECENT = timedelta(days=30)

# One walk of each index; weeks and days are of the company's zone.
_BY_WEEK = """
SELECT week, sum(leads)::int, sum(repeats)::int, sum(waiting)::int, sum(spam)::int FROM (
    SELECT date_trunc('week', at AT TIME ZONE %(zone)s)::date AS week,
           count(*) FILTER (WHERE outcome = 'lead') AS leads,
           count(*) FILTER (WHERE outcome = 'repeat') AS repeats,
           count(*) FILTER (WHERE outcome = 'waiting') AS waiting, 0 AS spam
    FROM leads_submission WHERE form_id = %(form)s AND at >= %(since)s::timestamp AT TIME ZONE %(zone)s GROUP BY 1
    UNION ALL
    SELECT date_trunc('week', day)::date, 0, 0, 0, refused
    FROM leads_spamday WHERE form_id = %(form)s AND day >= %(since)s
) found GROUP BY week ORDER BY week DESC
"""


@dataclass(frozen=True)
class FormRow:
    form: WebForm
    recent: int
    waiting: int
    # Switched on, and its author may no more.
    is_stopped: bool


@dataclass(frozen=True)
class Week:
    title: str
    leads: int = 0
    repeats: int = 0
    waiting: int = 0
    spam: int = 0

    @property
    def submissions(self) -> int:
        return self.leads + self.repeats + self.waiting


def rows_of(user: Any, *, now: datetime) -> list[FormRow]:
    """The forms that the person governs, with what came in of late."""
    mine = WebForm.objects.for_user(user).with_names().order_by("-is_active", "name", "pk")
    forms = with_one_author_each(mine)
    recent, waiting = _counts(forms, at__gt=now - RECENT), _counts(forms, outcome=Submission.Outcome.WAITING)
    return [
        FormRow(form, recent.get(form.pk, 0), waiting.get(form.pk, 0), form.is_active and not may_act(form))
        for form in forms
    ]


def _counts(forms: Sequence[WebForm], **which: Any) -> dict[int, int]:
    """Submissions by form. Each question has its own index, which an "or" of both would not use."""
    rows = Submission.objects.filter(form__in=forms, **which).order_by().values("form_id")
    return {row["form_id"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def weeks_of(form: WebForm, *, now: datetime) -> list[Week]:
    """The last twelve weeks, the present one first, empty ones included."""
    zone = Company.get().zone
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    since = monday - timedelta(weeks=WEEKS - 1)
    with connection.cursor() as cursor:
        cursor.execute(_BY_WEEK, {"zone": str(zone), "form": form.pk, "since": since})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_week(monday - timedelta(weeks=back), found) for back in range(WEEKS)]


def total_of(weeks: Sequence[Week]) -> Week:
    return Week(
        "", sum(week.leads for week in weeks), sum(week.repeats for week in weeks),
        sum(week.waiting for week in weeks), sum(week.spam for week in weeks),
    )  # fmt: skip


def _week(monday: date, found: dict[date, tuple[int, ...]]) -> Week:
    return Week(current_formats().date(monday), *found.get(monday, (0, 0, 0, 0)))
