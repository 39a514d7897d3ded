"""The framework of jobs: one at a time, once a day, recorded, explained in stable last lines."""

import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Company
from records.jobs import Daily, JobOutcome, alone, beat_schedule, run_job
from records.models import Batch, JobRun
from records.tasks import run_job as task

pytestmark = pytest.mark.django_db


def said(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def moving(number):
    def run(*, now, dry_run, force):
        if dry_run:
            return JobOutcome(lines=["rule one: 3"], moved=number)
        batch = Batch.start("test.job", by=None)
        batch.finish(moved=number)
        return JobOutcome(lines=["rule one: 3"], moved=number, batch=batch)

    return run


def test_the_last_line_names_the_batch_and_how_many_moved(made_job):
    made_job(moving(3))
    lines = said("run_job", "test.job")
    assert lines == ["rule one: 3", f"batch {Batch.objects.get().pk}: 3 moved"]


def test_a_dry_run_says_what_it_would_move_and_leaves_no_trace(made_job):
    made_job(moving(3))
    assert said("run_job", "test.job", "--dry-run")[-1] == "would move 3"
    assert not JobRun.objects.exists() and not Batch.objects.exists()


def test_a_job_without_work_says_nothing_to_do(made_job):
    made_job()
    assert said("run_job", "test.job") == ["nothing to do"]


def test_at_is_the_rules_now_and_the_log_keeps_real_time(made_job):
    seen = []

    def run(*, now, dry_run, force):
        seen.append((now, force))
        return JobOutcome()

    made_job(run)
    Company(time_zone="Asia/Shanghai").save()
    said("run_job", "test.job", "--at", "2031-05-01T08:00:00", "--force")
    moment = datetime.datetime(2031, 5, 1, 0, 0, tzinfo=datetime.UTC)
    assert seen == [(moment, True)]
    run = JobRun.objects.get()
    assert run.scheduled_for == moment
    assert abs(run.started_at - timezone.now()) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("arguments", [["no.such"], ["test.job", "--at", "yesterday"]])
def test_nonsense_is_refused_in_words(made_job, arguments):
    made_job()
    with pytest.raises(CommandError):
        said("run_job", *arguments)


def test_a_run_is_recorded_with_its_lines(made_job):
    made_job(moving(3))
    run_job("test.job")
    run = JobRun.objects.get()
    assert (run.state, run.moved, run.lines) == ("done", 3, ["rule one: 3"])
    assert run.batch == Batch.objects.get() and run.finished_at and run.worker


def test_a_failure_is_recorded_without_what_people_typed(made_job):
    def run(**_):
        raise ValueError("secret text of a customer")

    made_job(run)
    with pytest.raises(ValueError):
        run_job("test.job")
    run = JobRun.objects.get()
    assert (run.state, run.error) == ("failed", "ValueError")


def test_a_second_run_at_the_same_time_does_nothing(made_job):
    made_job(moving(3))
    with alone("job:test.job") as mine:
        assert mine
        assert run_job("test.job").moved == 0
    assert not JobRun.objects.exists()
    assert run_job("test.job").moved == 3


def test_what_a_killed_run_left_open_is_closed_by_the_next(made_job):
    made_job()
    JobRun.start("test.job", now=timezone.now(), by_beat=True)
    Batch.start("test.job", by=None)
    run_job("test.job")
    assert list(JobRun.objects.values_list("state", flat=True)) == ["done", "lost"]
    assert Batch.objects.get().state == Batch.State.STOPPED


def test_a_daily_job_runs_once_however_often_beat_fires(made_job):
    made_job(moving(3), Daily(0))
    for _ in range(3):
        task("test.job")
    assert JobRun.objects.count() == 1


def test_several_missed_days_are_made_up_for_once(made_job):
    made_job(moving(3), Daily(2))
    start = datetime.datetime(2031, 5, 1, 3, tzinfo=datetime.UTC)
    run_job("test.job", now=start, by_beat=True)
    late = start + datetime.timedelta(days=4, hours=7)
    for minutes in (0, 5, 10):
        run_job("test.job", now=late + datetime.timedelta(minutes=minutes), by_beat=True)
    assert JobRun.objects.count() == 2


def test_a_daily_job_that_fails_is_tried_three_times_a_day(made_job):
    def run(**_):
        raise ValueError

    made_job(run, Daily(0))
    for _ in range(3):
        with pytest.raises(ValueError):
            run_job("test.job", by_beat=True)
    assert run_job("test.job", by_beat=True).moved == 0
    assert JobRun.objects.count() == 3


@pytest.mark.parametrize("day", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)])
def test_a_night_of_clock_change_has_exactly_one_run(made_job, day):
    """Berlin: 02:30 does not exist in March and comes twice in October."""
    made_job(moving(1), Daily(2, 30))
    Company(time_zone="Europe/Berlin").save()
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime.datetime.combine(day, datetime.time(0, 0), tzinfo=zone).astimezone(datetime.UTC)
    run_job("test.job", now=moment, by_beat=True)  # yesterday's
    before = JobRun.objects.count()
    for _ in range(26 * 12):
        if moment.astimezone(zone).date() > day:
            break
        run_job("test.job", now=moment, by_beat=True)
        moment += datetime.timedelta(minutes=5)
    assert JobRun.objects.count() == before + 1


def test_beat_gets_every_job_of_the_register(made_job):
    made_job(schedule=30)
    entry = beat_schedule()["test.job"]
    assert (entry["task"], entry["args"], entry["schedule"]) == ("records.run_job", ("test.job",), 30)
    assert entry["options"] == {"expires": 30.0}


def test_old_runs_are_forgotten_idle_ones_sooner(made_job):
    made_job(moving(3))
    for days, moved in [(100, 5), (10, 5), (10, 0), (1, 0)]:
        run = JobRun.start("test.job", now=timezone.now(), by_beat=True)
        run.finish(state="done", moved=moved, batch=None, lines=[])
        JobRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - datetime.timedelta(days=days))
    run_job("test.job")
    assert sorted(JobRun.objects.values_list("moved", flat=True)) == [0, 3, 5]
