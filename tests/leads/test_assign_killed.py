"""The job on a real worker and broker, killed in its middle: what was left is done, nothing is done twice."""

from collections import Counter

import pytest

from leads.assign import PORTION
from leads.models import Lead, RuleMember
from records.models import Batch, Event, JobRun
from records.tasks import run_job
from records.undo import undo_batch
from tests.jobs.worker import held_at_event, wait_for
from tests.leads import makers

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("place", [1, PORTION + PORTION // 2])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_is_given_twice(alice, bob, worker, place):
    makers.rule(alice, bob)
    number = PORTION * 2 + 100
    Lead.objects.bulk_create([Lead(name=f"Lead {n}") for n in range(number)])
    worker.start()
    with held_at_event(place) as somebody_waits:
        run_job.delay("leads.assign")
        wait_for(somebody_waits, what="the job", log=worker.log)
        worker.kill()
    done = Lead.objects.exclude(owner=None).count()
    assert done == (0 if place == 1 else PORTION)
    worker.start()
    run_job.delay("leads.assign")  # as the clock does every minute
    wait_for(lambda: not Lead.objects.waiting().exists(), seconds=90, what="the rest", log=worker.log)
    wait_for(lambda: JobRun.objects.filter(state="done").exists(), what="the run", log=worker.log)
    worker.stop()
    given = Counter(Event.objects.filter(verb="assign").values_list("subject_id", flat=True))
    assert len(given) == number and set(given.values()) == {1}
    shares = dict(RuleMember.objects.values_list("user__username", "given"))
    assert shares == {"alice": number // 2, "bob": number // 2}
    assert set(Batch.objects.values_list("state", flat=True)) <= {"done", "stopped"}
    assert sum(undo_batch(batch, by=None).restored for batch in Batch.objects.order_by("pk")) == number
