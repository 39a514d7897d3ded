"""The nightly search for likely pairs, and the one that a person asks for: portion by portion, each committed."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.jobs import Daily, Job, JobOutcome, jobs
from records.kinds import kinds
from records.merge.late import follow_late
from records.merge.pairs import PORTION, drop_unseen, find_pairs
from records.models import JobRun, LikelyPair

LINE = _("%(kind)s: %(count)s likely pairs")


def add_search(kind: str, job: str, *, hour: int, label: Any) -> None:
    def run(*, now: datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
        return search(kind, dry_run=dry_run)

    jobs.add(job, Job(run, Daily(hour), label))


def search(kind: str, *, dry_run: bool = False) -> JobOutcome:
    """Goes through all records by number. Record after: a second run finds the same pairs. A dry run only counts."""
    open_pairs = LikelyPair.objects.filter(kind=kind, state=LikelyPair.State.OPEN)
    before = open_pairs.count()
    if not dry_run:
        began = timezone.now()
        follow_late(kind)
        _search_all(kind)
        drop_unseen(kind, before=began)
    after = open_pairs.count()
    line = str(LINE) % {"kind": kinds[kind].plural, "count": after}
    return JobOutcome(lines=[line], moved=max(0, after - before))


def _search_all(kind: str) -> None:
    rows = kinds[kind].model._base_manager.filter(deleted_at=None)
    last, end = 0, rows.aggregate(end=Max("pk"))["end"] or 0
    while last < end:
        ids = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PORTION])
        if not ids:
            return
        find_pairs(kind, ids)
        last = ids[-1]


def searched_at(job: str) -> datetime | None:
    """When the last search ended."""
    return JobRun.objects.filter(name=job, state=JobRun.State.DONE).aggregate(at=Max("finished_at"))["at"]
