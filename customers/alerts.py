"""Reminders of the morning: never contacted, overdue, idle too long, about to fall into the pool.

One notice per person and day, however often the job runs; what stays so for some days is told to the supervisor too.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Team
from customers.limits import Today, due, rules_in_force
from customers.models import AlertLimits, Customer, CustomerQuerySet
from messaging.models import Notice
from messaging.notices import take_back, tell
from records.jobs import JobOutcome
from records.models import Batch
from records.undo import UndoResult

VERB = "customers.alert_idle"

ALERTS = {
    "never": gettext_lazy("Never contacted"),
    "overdue": gettext_lazy("Next contact overdue"),
    "idle": gettext_lazy("No contact for too long"),
    "drop": gettext_lazy("About to fall into the pool"),
}

Told = dict[int, Counter[str]]


def alert_idle(*, now: datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Tells owners and supervisors; ``moved`` counts the notices. Whoever was told today is not told again."""
    today, limits = Today.at(now), AlertLimits.get()
    owners = _of_owners(limits, today)
    kinds = {"alerts": owners, "escalated": _of_supervisors(limits, today)}
    news = {kind: _not_told_yet(told, _key(kind, today)) for kind, told in kinds.items()}
    outcome = JobOutcome(lines=_lines(owners), moved=sum(len(told) for told in news.values()))
    if outcome.moved and not dry_run:
        _tell(outcome, news, today)
    return outcome


def with_since(rows: CustomerQuerySet) -> CustomerQuerySet:
    return rows.alias(since=Coalesce("assigned_at", "created_at"))


def condition(alert: str, limits: AlertLimits, today: Today, *, late: int = 0) -> Q:
    """One alert over rows ``with_since``; ``late`` days on top for the supervisor. Not for "drop": see ``dropping``."""
    if alert == "overdue":
        return Q(next_contact_at__lt=today.now - timedelta(days=late))
    working = limits.counts_working_days
    if alert == "never":
        if not limits.never_days:
            return Q(pk__in=[])
        return Q(last_contact_at__isnull=True, since__lt=today.limit(limits.never_days + late, working=working))
    idle = [
        Q(grade=grade, last_contact_at__lt=today.limit(days + late, working=working))
        for grade, days in limits.idle_days.items()
    ]
    return Q(*idle, _connector=Q.OR) if idle else Q(pk__in=[])


def dropping(today: Today) -> Iterable[CustomerQuerySet]:
    """Per rule the customers that it would move within its days of warning."""
    rules = rules_in_force()
    return [due(rules, rule, today.in_days(rule.warn_days)) for rule in rules if rule.warn_days]


def _of_owners(limits: AlertLimits, today: Today) -> Told:
    told: Told = {}
    for row in _counted(["owner"], limits, today):
        told[row["owner"]] = Counter({code: row[code] for code in ALERTS if row.get(code)})
    for rows in dropping(today):
        for row in rows.order_by().values("owner").annotate(number=Count("pk")):
            told.setdefault(row["owner"], Counter())["drop"] += row["number"]
    return told


def _of_supervisors(limits: AlertLimits, today: Today) -> Told:
    """To the nearest supervisor above the customer's team; nobody escalates to himself."""
    told: Told = {}
    if not limits.escalate_days:
        return told
    above = supervisors()
    for row in _counted(["owner", "team"], limits, today, late=limits.escalate_days):
        supervisor = above.get(row["team"])
        if supervisor and supervisor != row["owner"]:
            told.setdefault(supervisor, Counter()).update({code: row[code] for code in ALERTS if row.get(code)})
    return told


def supervisors() -> dict[int, int]:
    """Team → its supervisor, or the nearest one above."""
    teams = {team.pk: team for team in Team.objects.all()}
    found: dict[int, int] = {}
    for pk, team in teams.items():
        node: Team | None = team
        while node is not None and node.supervisor_id is None:
            node = teams.get(node.parent_id)
        if node is not None:
            found[pk] = node.supervisor_id
    return found


def _counted(by: list[str], limits: AlertLimits, today: Today, *, late: int = 0) -> Iterable[dict[str, Any]]:
    rules = {code: condition(code, limits, today, late=late) for code in ("never", "overdue", "idle")}
    rows = with_since(Customer.objects.live().owned()).filter(Q(*rules.values(), _connector=Q.OR))
    return rows.order_by().values(*by).annotate(**{code: Count("pk", filter=rule) for code, rule in rules.items()})


def _key(kind: str, today: Today) -> str:
    return f"{kind}:{today.date}"


def _not_told_yet(told: Told, key: str) -> Told:
    known = set(Notice.objects.filter(key=key, user_id__in=told).values_list("user_id", flat=True))
    return {pk: counts for pk, counts in told.items() if pk not in known}


def _tell(outcome: JobOutcome, news: dict[str, Told], today: Today) -> None:
    """All of a day's notices in one transaction: a killed run told nobody, the next tells everybody."""
    with transaction.atomic():
        title = _("Reminders %(day)s") % {"day": today.date.isoformat()}
        batch = outcome.batch = Batch.start(VERB, by=None, title=title, params={"now": today.now.isoformat()})
        outcome.moved = 0
        for kind, told in news.items():
            rows = {pk: (counts.total(), counts) for pk, counts in told.items()}
            outcome.moved += len(tell(kind, rows, key=_key(kind, today), batch=batch))
        batch.finish(moved=outcome.moved)


def _lines(owners: Told) -> list[str]:
    lines = []
    for code, label in ALERTS.items():
        people = [counts[code] for counts in owners.values() if counts[code]]
        text = ngettext("%(alert)s: %(count)s customer", "%(alert)s: %(count)s customers", sum(people))
        lines.append(text % {"alert": label, "count": sum(people)})
    return lines


def undo_alerts(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Removes the notices that nobody has read yet."""
    told = Notice.objects.filter(batch=batch)
    if dry_run:
        read = told.exclude(read_at=None).values_list("pk", flat=True)
        return UndoResult(told.unread().count(), [{"kind": "notice", "id": pk, "by": None} for pk in read])
    removed, kept = take_back(batch)
    return UndoResult(removed, [{"kind": "notice", "id": pk, "by": None} for pk in kept])
