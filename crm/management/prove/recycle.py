"""The nightly run over the kept database: its process is killed with -9 again and again and started again, while people
open pages and save; then the product's own undo takes all of it back.

What was there before is kept in a table and put back at the end, so that the database serves the next run; a proof that
was broken off is put back by the next one.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from crm.management.bench.visitor import sign_out, visitor
from crm.management.prove import kept_rows
from crm.management.prove.proofs import must
from customers import recycle as recycling
from customers.models import Customer, Pool, RecycleRule
from customers.undo import undo_ownership
from records.models import Batch, Event

IDLE_DAYS = 75  # of the 90 that the seed spreads the last contacts over: a sixth of all with an owner
KILLS = 5
IDLE_PAGES = 20


def prove(say: Callable[[str], None], *, kills: int = KILLS) -> str:
    kept_rows.put_back(say)
    now = timezone.now()
    number = _due(now)
    must(number > 0, "no customer is due: is the database empty?")
    idle = [_page() for _ in range(IDLE_PAGES)]
    kept_rows.keep()
    try:
        _rule()
        run = _Run(now, number, kills)
        run.go(say)
        figures = _judge(run, number, median(idle))
        return f"{figures}; {_undo(number, say)}"
    finally:
        kept_rows.put_back(say)
        sign_out()


def _due(now: object) -> int:
    with transaction.atomic():
        _rule()
        found = recycling.recycle(now=now, dry_run=True).moved  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return found


def _rule() -> None:
    RecycleRule.objects.update(is_active=False)
    Pool.objects.update(brake_percent=100)
    RecycleRule.objects.create(pool=Pool.default(), name="Prove", is_active=True, idle_days=IDLE_DAYS)


class _Run:
    """The job as a process of its own, watched and killed, with pages and saves beside it."""

    def __init__(self, now: object, number: int, kills: int) -> None:
        self.now, self.number = now, number
        self.kill_at = [number * (place + 1) // (kills + 1) for place in range(kills)]
        self.pages: list[float] = []
        self.saves: list[float] = []
        self.peaks: list[float] = []
        self.early: list[float] = []
        self.killed = 0
        self.seconds = 0.0

    def go(self, say: Callable[[str], None]) -> None:
        began = time.monotonic()
        while self._start_and_watch(say):
            self.killed += 1
        self.seconds = time.monotonic() - began

    def _start_and_watch(self, say: Callable[[str], None]) -> bool:
        """Whether it was killed; False when it came to its end."""
        command = [sys.executable, "manage.py", "run_job", "customers.recycle", "--force", "--at", str(self.now)]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
        at_start, before, peak = _moved(), 0.0, 0.0
        while process.poll() is None:
            moved = _moved()
            peak = _memory(process.pid) or peak
            before = before or (peak if moved > at_start else 0.0)  # when its first portion was done
            if self.kill_at and moved >= self.kill_at[0]:
                self._kill(process, moved, say)
                self._remember(before, peak)
                return True
            self.pages.append(_page())
            self.saves.append(_save())
        must(process.returncode == 0, f"the run ended with {process.returncode}")
        self._remember(before, peak)
        return False

    def _kill(self, process: subprocess.Popen, moved: int, say: Callable[[str], None]) -> None:
        while self.kill_at and moved >= self.kill_at[0]:
            self.kill_at.pop(0)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        say(f"  killed at {moved:,} of {self.number:,}")

    def _remember(self, before: float, peak: float) -> None:
        if before:
            self.early.append(before)
            self.peaks.append(peak)


def _moved() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM records_event WHERE id > %s AND verb = 'recycle'", [kept_rows.last_event()]
        )
        return cursor.fetchone()[0]


def _memory(pid: int) -> float | None:
    """The most that the process has held, in MB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)


def _page() -> float:
    """Seconds that a page of the list takes."""
    began = time.perf_counter()
    visitor("tess").get("/customers/")
    return time.perf_counter() - began


def _save() -> float:
    """Seconds that a rep's save takes, of a customer that the run may hold; taken back at once."""
    began = time.perf_counter()
    with transaction.atomic():
        row = Customer.objects.filter(owner__isnull=False, last_contact_at__isnull=False).order_by("last_contact_at")[
            :1
        ]
        Customer.objects.filter(pk__in=list(row.values_list("pk", flat=True))).update(comment="Prove")
        transaction.set_rollback(True)
    return time.perf_counter() - began


def _judge(run: _Run, number: int, idle: float) -> str:
    told = Counter(
        Event.objects.filter(pk__gt=kept_rows.last_event(), verb="recycle").values_list("subject_id", flat=True)
    )
    must(len(told) == number, f"{len(told):,} customers moved, {number:,} were due")
    must(set(told.values()) == {1}, f"{sum(1 for n in told.values() if n > 1)} customers moved twice")
    must(not Customer.objects.filter(pk__in=list(told)[:20_000], owner__isnull=False).exists(), "an owner is left")
    must(max(run.saves) < 1, f"a save waited {max(run.saves):.1f} s")
    grew = max((peak - early for early, peak in zip(run.early, run.peaks, strict=True)), default=0.0)
    must(grew < 50, f"memory grew by {grew:.0f} MB")
    busy = median(run.pages)
    return (
        f"{number:,} of {Customer.objects.count():,} customers in {run.seconds:.0f} s, killed {run.killed} times: each"
        f" moved and told once; memory +{grew:.0f} MB at most; page {busy * 1000:.0f} ms meanwhile (idle"
        f" {idle * 1000:.0f} ms, {busy / idle:.2f} times); longest save {max(run.saves) * 1000:.0f} ms"
    )


def _undo(number: int, say: Callable[[str], None]) -> str:
    batches = Event.objects.filter(pk__gt=kept_rows.last_event(), verb="recycle").values("batch")
    began, restored = time.monotonic(), 0
    for batch in Batch.objects.filter(pk__in=batches).order_by("pk"):
        restored += undo_ownership(batch, by=None, dry_run=False).restored
    say(f"  undone: {restored:,}")
    must(restored == number, f"{restored:,} of {number:,} were restored")
    return f"undo of all in {time.monotonic() - began:.0f} s"
