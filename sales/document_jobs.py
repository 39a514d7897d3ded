"""What the clock does with quotes and instalments. Both derive their work from rows: a second run finds nothing."""

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records.jobs import Daily, Job, JobOutcome, jobs
from sales.business_day import today_of_company
from sales.models import Instalment, Quote
from sales.states import InstalmentState

EXPIRE = "sales.expire_quotes"
DUE = "sales.instalments_due"
PORTION = 2_000

# Rows that somebody holds right now (she may be accepting) are left to the next run.
_EXPIRE = """
WITH lapsed AS (
    SELECT id FROM sales_quote
    WHERE state = 'sent' AND valid_until < %(today)s AND deleted_at IS NULL
    ORDER BY id LIMIT %(portion)s FOR UPDATE SKIP LOCKED),
gone AS (
    UPDATE sales_quote q SET state = 'expired' FROM lapsed WHERE q.id = lapsed.id
    RETURNING q.id, q.customer_id),
told AS (
    INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, facts)
    SELECT clock_timestamp(), 'expire', 'quote', id, customer_id, '{"state": ["sent", "expired"]}'::jsonb FROM gone)
SELECT count(*) FROM gone
"""


def add_document_jobs() -> None:
    jobs.add(EXPIRE, Job(expire_quotes, Daily(1), gettext_lazy("Quotes whose last day is over expire")))
    jobs.add(DUE, Job(instalments_due, Daily(1, 10), gettext_lazy("Instalments become due")))


def expire_quotes(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Sent quotes whose last day is over in the company's zone expire, a portion per transaction."""
    today = today_of_company(now)
    moved = Quote.objects.lapsed(today).count() if dry_run else sum(iter(lambda: _expire_portion(today), 0))
    return _outcome(moved, ngettext("%(number)d quote expired", "%(number)d quotes expired", moved))


def instalments_due(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Planned ones whose day has come."""
    rows = Instalment.objects.filter(state=InstalmentState.PLANNED, due_on__lte=today_of_company(now))
    moved = rows.count() if dry_run else rows.update(state=InstalmentState.DUE)
    return _outcome(moved, ngettext("%(number)d instalment became due", "%(number)d instalments became due", moved))


@transaction.atomic
def _expire_portion(today: datetime.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"today": today, "portion": PORTION})
        return cursor.fetchone()[0]


def _outcome(moved: int, text: Any) -> JobOutcome:
    return JobOutcome(lines=[text % {"number": moved} if moved else _("Nothing to do")], moved=moved)
