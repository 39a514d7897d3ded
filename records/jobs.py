"""The jobs that beat runs and ``run_job`` runs by hand: one register, each explained and idempotent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.register import Register
from records.models.batch import Batch


@dataclass
class JobOutcome:
    """``lines``: one per rule, for people. ``moved``: rows changed, or that would be on a dry run."""

    lines: list[str] = field(default_factory=list)
    moved: int = 0
    batch: Batch | None = None


@dataclass(frozen=True)
class Job:
    """``run(*, now, dry_run, force)``; ``schedule`` for beat: seconds, or a celery crontab."""

    run: Callable[..., JobOutcome]
    schedule: Any
    label: Any


jobs: Register[Job] = Register("job")
