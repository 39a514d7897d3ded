import pytest

from records.jobs import Job, JobOutcome, jobs
from tests.jobs.worker import worker

__all__ = ["worker"]


@pytest.fixture
def made_job(monkeypatch):
    """``made_job(run, schedule)`` puts a job named "test.job" into the register until the test ends."""

    def make(run=None, schedule=60):
        run = run or (lambda *, now, dry_run, force: JobOutcome())
        monkeypatch.setattr(jobs, "_items", {"test.job": Job(run, schedule, "Test job")})

    return make
