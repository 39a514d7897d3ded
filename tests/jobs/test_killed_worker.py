"""Each job on a real worker and broker, killed in the middle: nothing is lost or doubled, the next run finishes it."""

import sys
from collections import Counter
from datetime import timedelta
from subprocess import Popen

import pytest
from django.utils import timezone

from customers.models import Customer, Pool, RecycleRule
from customers.models.pool import install_default_pool
from messaging.models import Notice
from records.jobs import alone
from records.jobs import run_job as run_here
from records.models import Batch, Event, JobRun
from records.tasks import run_job
from tests.customers.makers import customer
from tests.jobs.worker import ROOT, environment, held_at_event, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NUMBER = 5_000  # three portions


@pytest.fixture
def cold(worker, alice, bob):
    """So many customers whose days are over, half of them bob's."""
    install_default_pool()
    RecycleRule.objects.create(pool=Pool.default(), name="Cold", is_active=True, idle_days=30)
    first, moment = customer(owner=alice), timezone.now() - timedelta(days=40)
    fields = {"sort_key": first.sort_key, "assigned_at": moment, "last_contact_at": moment}
    Customer.objects.bulk_create(
        Customer(name=f"C{n}", owner=(person := (alice, bob)[n % 2]), team=person.team, **fields) for n in range(NUMBER)
    )
    Customer.objects.filter(pk=first.pk).delete()


def is_done(name):
    return lambda: JobRun.objects.filter(name=name, state="done").exists()


def test_a_sweep_killed_between_portions_is_finished_by_the_next_run(worker, cold):
    with held_at_event(NUMBER - 500) as somebody_waits:
        worker.start()
        run_job.delay("customers.recycle")
        wait_for(somebody_waits, what="the third portion", log=worker.log)
        assert Event.objects.filter(verb="recycle").count() == 4_000
        worker.kill()
    worker.start()
    wait_for(lambda: _unlocked("customers.recycle"), what="the end of the killed session")
    run_job.delay("customers.recycle", True)
    wait_for(is_done("customers.recycle"), seconds=60, what="the second run", log=worker.log)
    run_job.delay("customers.recycle", True)
    wait_for(lambda: JobRun.objects.filter(state="done").count() == 2, what="the third run", log=worker.log)
    assert not Customer.objects.filter(owner__isnull=False).exists()
    told = Counter(Event.objects.filter(verb="recycle").values_list("subject_id", flat=True))
    assert len(told) == NUMBER and set(told.values()) == {1}
    assert sum(Notice.objects.values_list("count", flat=True)) == NUMBER
    assert sorted(batch.counts["moved"] for batch in Batch.objects.all()) == [1_000, 4_000]
    assert sorted(JobRun.objects.values_list("state", "moved")) == [("done", 0), ("done", 1_000), ("lost", 0)]


def test_two_messages_at_once_run_it_once(worker, cold):
    worker.processes = 2
    worker.start()
    for _ in range(4):
        run_job.delay("customers.recycle", True)
    wait_for(is_done("customers.recycle"), seconds=60, what="a run", log=worker.log)
    wait_for(lambda: not JobRun.objects.filter(state="running").exists(), what="the others", log=worker.log)
    assert Event.objects.filter(verb="recycle").count() == NUMBER
    assert sum(Notice.objects.values_list("count", flat=True)) == NUMBER


def test_an_undo_killed_in_the_middle_goes_on_where_it_was(worker, cold, alice, bob):
    batch = run_here("customers.recycle").batch
    command = [sys.executable, "manage.py", "undo_batch", str(batch.pk)]
    with held_at_event(3_000) as somebody_waits:
        process = Popen(command, cwd=ROOT, env=environment())
        wait_for(somebody_waits, what="the second portion")
        process.kill()
        process.wait()
    assert Customer.objects.filter(owner__isnull=False).count() == 2_000
    wait_for(lambda: Batch.objects.get(pk=batch.pk).state == "undoing")
    assert Popen(command, cwd=ROOT, env=environment()).wait() == 0
    assert Customer.objects.filter(owner=alice).count() == Customer.objects.filter(owner=bob).count() == NUMBER // 2
    assert Event.objects.filter(verb="undo").count() == NUMBER


def test_reminders_killed_before_they_are_told_are_told_once(worker, cold):
    """They are one transaction: nobody was told, then everybody is."""
    with held_at_notice() as somebody_waits:
        worker.start()
        run_job.delay("customers.alert_idle", True)
        wait_for(somebody_waits, what="the notices", log=worker.log)
        worker.kill()
    assert not Notice.objects.exists() and not Batch.objects.exists()
    worker.start()
    wait_for(lambda: _unlocked("customers.alert_idle"), what="the end of the killed session")
    for _ in range(2):
        run_job.delay("customers.alert_idle", True)
    wait_for(is_done("customers.alert_idle"), what="the second run", log=worker.log)
    wait_for(lambda: JobRun.objects.filter(state="done").count() == 2, what="the third run", log=worker.log)
    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["alice", "bob"]


def held_at_notice():
    return held_at_event(1, table="messaging_notice")


def _unlocked(name):
    with alone(f"job:{name}") as mine:
        return mine
