"""The jobs that beat runs and ``run_job`` runs by hand: one register, each explained and idempotent.

A job derives its work from rows, so that a lost message is only a delay, a second one finds nothing to do, and
several missed runs act once. One run of a job at a time; what a killed run left open, the next one closes.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Company
from crm.register import Register
from records.models.batch import Batch
from records.models.job_run import JobRun

log = structlog.get_logger(__name__)

DAYS_KEPT = 90  # of runs that did something
IDLE_DAYS_KEPT = 2  # of runs that found nothing to do
TRIES_A_DAY = 3


@dataclass
class JobOutcome:
    """``lines``: one per rule, for people. ``moved``: rows changed, or that would be on a dry run.

    ``is_stopped``: the brake held something back.
    """

    lines: list[str] = field(default_factory=list)
    moved: int = 0
    batch: Batch | None = None
    is_stopped: bool = False


@dataclass(frozen=True)
class Daily:
    """Once a day, from this time of the company's zone on; a day that was missed is made up for once."""

    hour: int
    minute: int = 0

    def last_planned(self, now: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
        """The latest planned moment that is not after ``now``, whatever the clocks did that night."""
        local = now.astimezone(zone)
        at = datetime.time(self.hour, self.minute, tzinfo=zone)
        today = datetime.datetime.combine(local.date(), at)
        if today <= now:
            return today
        return datetime.datetime.combine(local.date() - datetime.timedelta(days=1), at)


@dataclass(frozen=True)
class Job:
    """``run(*, now, dry_run, force)``; ``schedule`` for beat: seconds, a celery crontab, or Daily."""

    run: Callable[..., JobOutcome]
    schedule: Any
    label: Any


jobs: Register[Job] = Register("job")

# How often beat asks whether a daily job is due.
ASK_EVERY = 300.0


def beat_schedule() -> dict[str, dict[str, Any]]:
    """What beat sends: for each job its name only. A message older than its interval is dropped, not piled up."""
    schedule = {}
    for name in jobs.names():
        every = jobs[name].schedule
        every = ASK_EVERY if isinstance(every, Daily) else every
        options = {"expires": float(every)} if isinstance(every, int | float) else {}
        schedule[name] = {"task": "records.run_job", "args": (name,), "schedule": every, "options": options}
    return schedule


def run_job(
    name: str,
    *,
    now: datetime.datetime | None = None,
    dry_run: bool = False,
    force: bool = False,
    by_beat: bool = False,
) -> JobOutcome:
    """Runs a job now; ``now`` is the rules' time. A dry run writes nothing, a second one at once does nothing."""
    now = now or timezone.now()
    if dry_run:
        return jobs[name].run(now=now, dry_run=True, force=force)
    with alone(f"job:{name}") as mine:
        if not mine:
            return JobOutcome(lines=[_("This job is running already.")])
        _close_lost_runs(name)
        if by_beat and not _is_due(name, now):
            return JobOutcome()
        return _run_and_record(name, now=now, force=force, by_beat=by_beat)


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """Whether this process is the only one to do ``what`` until the block ends.

    The lock lives in the open transaction of a connection of its own: the work inside may commit as it likes, a
    killed process frees it, and it holds behind a pooler in transaction mode, where a session lock would leak.
    """
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [what])
            mine = cursor.fetchone()[0]
        yield mine
    finally:
        holder.close()


def _close_lost_runs(name: str) -> None:
    """We hold the lock, so whatever still says that it runs was killed. What it moved stays, and can be undone."""
    for run in JobRun.objects.filter(name=name, state=JobRun.State.RUNNING):
        run._end(JobRun.State.LOST)
    for batch in Batch.objects.filter(verb=name, state=Batch.State.RUNNING):
        batch.counts["moved"] = batch.events.count()
        batch.message = _("Interrupted; the next run went on.")
        batch._end(Batch.State.STOPPED)


def _is_due(name: str, now: datetime.datetime) -> bool:
    schedule = jobs[name].schedule
    if not isinstance(schedule, Daily):
        return True
    planned = schedule.last_planned(now, Company.get().zone)
    runs = JobRun.objects.filter(name=name, by_beat=True, scheduled_for__gte=planned)
    if runs.filter(state__in=[JobRun.State.DONE, JobRun.State.STOPPED]).exists():
        return False
    return runs.filter(state=JobRun.State.FAILED).count() < TRIES_A_DAY


def _run_and_record(name: str, *, now: datetime.datetime, force: bool, by_beat: bool) -> JobOutcome:
    run = JobRun.start(name, now=now, by_beat=by_beat)
    try:
        with translation.override(Company.get().language):
            outcome = jobs[name].run(now=now, dry_run=False, force=force)
    except Exception as error:
        # The class alone: a message may quote what people typed.
        run.fail(type(error).__name__)
        log.exception("job_failed", job=name, run=run.pk)
        raise
    state = JobRun.State.STOPPED if outcome.is_stopped else JobRun.State.DONE
    run.finish(state=state, moved=outcome.moved, batch=outcome.batch, lines=[str(line) for line in outcome.lines])
    _forget_old_runs(name)
    return outcome


def _forget_old_runs(name: str) -> None:
    real_now = timezone.now()
    ended = JobRun.objects.filter(name=name, finished_at__isnull=False)
    ended.filter(started_at__lt=real_now - datetime.timedelta(days=DAYS_KEPT)).delete()
    idle = ended.filter(moved=0, state=JobRun.State.DONE)
    idle.filter(started_at__lt=real_now - datetime.timedelta(days=IDLE_DAYS_KEPT)).delete()
