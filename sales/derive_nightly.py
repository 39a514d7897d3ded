"""The nightly run: state, life cycle and grade of every customer follow the facts.

Verbs derive at once; the run finds what came by import, what time changed, and the grades, which depend on all. One
statement per portion changes the rows and writes their events; who is held at that moment waits for the next night.
"""

import datetime
from collections import Counter
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Company
from crm.formats import current_formats
from customers.states import CustomerState, Grade, LifeCycle
from customers.undo_derived import undo_derived
from records.jobs import Daily, Job, JobOutcome, jobs
from records.models import Batch
from records.undo import undoers
from sales.derive_sql import COUNTS, CUSTOMER, GRADE, LIFE_CYCLE, NET, ORDER, STATE

VERB = "customers.derive"
PORTION = 5_000
LABELS = {"state": CustomerState, "life_cycle": LifeCycle, "grade": Grade}
NAMES = {"state": gettext_lazy("State"), "life_cycle": gettext_lazy("Life cycle"), "grade": gettext_lazy("Grade")}

# The last customer of class A and the last of class B: its net and its number. One row without orders: none.
_BORDERS = f"""
WITH sums AS (
    SELECT customer_id AS id, sum(net) AS net FROM ({NET}) facts
    WHERE day > %(since)s AND day <= %(today)s GROUP BY 1
), ranked AS (
    SELECT id, net, sum(greatest(net, 0)) OVER () AS total,
           sum(net) OVER (ORDER BY net DESC, id ROWS UNBOUNDED PRECEDING) - net AS before FROM sums
), a AS (SELECT net, id FROM ranked WHERE total > 0 AND before < total * 0.80 ORDER BY net, id DESC LIMIT 1),
   b AS (SELECT net, id FROM ranked WHERE total > 0 AND before < total * 0.95 ORDER BY net, id DESC LIMIT 1)
SELECT a.net, a.id, b.net, b.id FROM a, b
"""
_DERIVED = f"""
WITH part AS MATERIALIZED (
    SELECT id, version, state, life_cycle, grade, grade_until, intention_id FROM {CUSTOMER}
    WHERE id > %(last)s AND deleted_at IS NULL ORDER BY id LIMIT %(portion)s
), sums AS (
    SELECT customer_id, count(*) FILTER (WHERE {COUNTS}) AS orders,
           count(*) FILTER (WHERE {COUNTS} AND confirmed_on > %(since)s AND confirmed_on <= %(today)s) AS recent
    FROM {ORDER} WHERE customer_id > %(last)s AND customer_id <= (SELECT max(id) FROM part) AND deleted_at IS NULL
    GROUP BY 1
), nets AS (
    SELECT customer_id, sum(net) AS net FROM ({NET}) facts
    WHERE customer_id > %(last)s AND customer_id <= (SELECT max(id) FROM part)
      AND day > %(since)s AND day <= %(today)s GROUP BY 1
), derived AS (
    SELECT c.*, o.orders, o.net, {STATE} AS new_state, {LIFE_CYCLE} AS new_life_cycle, {GRADE} AS new_grade
    FROM part c LEFT JOIN (
        SELECT s.*, n.net FROM sums s LEFT JOIN nets n USING (customer_id)
    ) o ON o.customer_id = c.id
), changed AS (
    SELECT * FROM derived
    WHERE (state, life_cycle, grade) IS DISTINCT FROM (new_state, new_life_cycle, new_grade)
)"""
# The version: whoever changed the row since it was read is left for the next night.
_WRITE = f""", held AS (
    SELECT c.id FROM {CUSTOMER} c JOIN changed d ON d.id = c.id AND d.version = c.version
    ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
), moved AS (
    UPDATE {CUSTOMER} c SET state = d.new_state, life_cycle = d.new_life_cycle, grade = d.new_grade
    FROM changed d JOIN held USING (id) WHERE c.id = d.id RETURNING d.*
), logged AS (
    INSERT INTO records_event (at, verb, subject_kind, subject_id, customer_id, batch_id, facts)
    SELECT %(at)s, 'derive', 'customer', id, id, %(batch)s, jsonb_strip_nulls(jsonb_build_object(
        'state', CASE WHEN state <> new_state THEN jsonb_build_array(state, new_state) END,
        'life_cycle', CASE WHEN life_cycle <> new_life_cycle THEN jsonb_build_array(life_cycle, new_life_cycle) END,
        'grade', CASE WHEN grade <> new_grade THEN jsonb_build_array(grade, new_grade) END,
        'orders', orders, 'net', trim_scale(net)::text)) FROM moved
)"""
_COUNTED = """
SELECT (SELECT max(id) FROM part) AS last, (SELECT count(*) FROM {source}) AS number,
       v.field, v.before, v.after, count(*)
FROM (SELECT 1) one LEFT JOIN {source} d ON true LEFT JOIN LATERAL (VALUES ('state', d.state, d.new_state),
    ('life_cycle', d.life_cycle, d.new_life_cycle), ('grade', d.grade, d.new_grade)) v(field, before, after)
    ON v.before <> v.after
GROUP BY v.field, v.before, v.after
"""


def add_derive_job() -> None:
    undoers.add(VERB, undo_derived)
    jobs.add(VERB, Job(derive_nightly, Daily(1, 30), gettext_lazy("State, life cycle and grade follow the facts")))


def derive_nightly(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Twice changes nothing the second time. Undone, the next night derives anew what the facts say then."""
    asked = _asked(now)
    borders = _borders(asked)
    outcome, counted = JobOutcome(lines=_border_lines(borders)), Counter[tuple[str, str, str]]()
    asked |= dict(zip(("a_net", "a_id", "b_net", "b_id"), borders or (None,) * 4, strict=True))
    last: int | None = 0
    while last is not None:
        last, moved, transitions = _portion(asked, last, outcome, title=asked["today"], dry_run=dry_run)
        outcome.moved += moved
        counted.update(transitions)
    if outcome.batch:
        outcome.batch.finish(moved=outcome.moved)
    outcome.lines += [_line(*transition, number) for transition, number in sorted(counted.items())]
    return outcome


def _asked(now: datetime.datetime) -> dict[str, Any]:
    today = now.astimezone(Company.get().zone).date()
    return {"today": today, "since": today - relativedelta(years=1), "portion": PORTION, "at": timezone.now()}


def _borders(asked: dict[str, Any]) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(_BORDERS, asked)
        return cursor.fetchone()


def _portion(
    asked: dict[str, Any], last: int, outcome: JobOutcome, *, title: datetime.date, dry_run: bool
) -> tuple[int | None, int, dict[tuple[str, str, str], int]]:
    """One transaction: rows, events and the batch's count. The last id of the portion, None at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        if dry_run or outcome.batch is None:
            found = _run(cursor, f"{_DERIVED} {_COUNTED.format(source='changed')}", {**asked, "last": last})
            if dry_run or not found[0][1]:
                return _told(found)
            outcome.batch = Batch.start(VERB, by=None, title=_title(title))
        write = f"{_DERIVED} {_WRITE} {_COUNTED.format(source='moved')}"
        found = _run(cursor, write, {**asked, "last": last, "batch": outcome.batch.pk})
        outcome.batch.count(moved=found[0][1])
        return _told(found)


def _run(cursor: Any, sql: str, params: dict[str, Any]) -> list[tuple]:
    cursor.execute(sql, params)
    return cursor.fetchall()


def _told(found: list[tuple]) -> tuple[int | None, int, dict[tuple[str, str, str], int]]:
    return found[0][0], found[0][1], {tuple(row[2:5]): row[5] for row in found if row[2]}


def _title(day: datetime.date) -> str:
    return str(format_lazy("{} {}", _("State, life cycle and grade"), day.isoformat()))


def _border_lines(borders: tuple | None) -> list[str]:
    """From which net on a customer is A or B, so that a grade can be explained."""
    if borders is None:
        return [_("No orders in the last 12 months: no grade above D, unless set by hand.")]
    currency = Company.get().currency
    a, b = (current_formats().money(borders[place], currency) for place in (0, 2))
    return [_("Net orders of the last 12 months: grade A from %(a)s, B from %(b)s.") % {"a": a, "b": b}]


def _line(field: str, before: str, after: str, number: int) -> str:
    """“State: prospect → with intent: 12 customers”."""
    labels = LABELS[field]
    text = ngettext("%(what)s: %(before)s → %(after)s: %(count)s customer",
                    "%(what)s: %(before)s → %(after)s: %(count)s customers", number)  # fmt: skip
    return text % {
        "what": NAMES[field], "before": labels(before).label, "after": labels(after).label, "count": number,
    }  # fmt: skip
