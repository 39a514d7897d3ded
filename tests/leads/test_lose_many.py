"""Many leads lost at once, and back by undo."""

import datetime

import pytest
from django.utils import timezone

from leads.lose_many import VERB, lose_many
from leads.models import Lead
from records.dictionary import entry_by_code
from records.models import Batch, Event
from records.undo import undo_batch
from tests.leads.makers import lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def reason():
    return entry_by_code("lead_lost_reason", "spam")


def lost(*leads: Lead, reason, by) -> Batch:
    batch = Batch.start(VERB, by=by)
    batch.finish(moved=len(lose_many([row.pk for row in leads], reason, by=by, batch=batch)))
    return batch


def test_open_leads_are_lost_with_the_reason_and_one_event_each(alice, reason):
    waiting, assigned, closed = lead(), lead(owner=alice), lead(owner=alice)
    closed.lose(entry_by_code("lead_lost_reason", "no_budget"), by=alice)
    batch = lost(waiting, assigned, closed, reason=reason, by=alice)
    assert batch.counts["moved"] == 2
    assert {row.lost_reason for row in Lead.objects.filter(pk__in=[waiting.pk, assigned.pk])} == {reason}
    assert Event.objects.filter(batch=batch, verb="lose", by=alice).count() == 2
    closed.refresh_from_db()
    assert closed.lost_reason.code == "no_budget"


def test_undo_brings_each_back_as_it_was(alice, reason):
    soon = timezone.now() + datetime.timedelta(days=2)
    waiting, assigned = lead(), lead(owner=alice, next_contact_at=soon)
    batch = lost(waiting, assigned, reason=reason, by=alice)
    result = undo_batch(batch, by=alice)
    assert (result.restored, result.left) == (2, [])
    waiting.refresh_from_db()
    assigned.refresh_from_db()
    assert (waiting.state, assigned.state) == ("new", "assigned")
    assert assigned.owner == alice
    assert assigned.next_contact_at == soon
    assert not assigned.lost_reason_id


def test_a_lead_that_was_reopened_since_is_left_and_listed(alice, bob, reason):
    first, second = lead(owner=alice), lead(owner=alice)
    batch = lost(first, second, reason=reason, by=alice)
    first.refresh_from_db()
    first.reopen(by=bob)
    first.lose(reason, by=bob)
    result = undo_batch(batch, by=alice)
    assert result.restored == 1
    assert [(row["id"], row["by"]) for row in result.left] == [(first.pk, str(bob))]
    first.refresh_from_db()
    assert first.state == "lost"


def test_a_dry_run_counts_and_writes_nothing(alice, reason):
    row = lead(owner=alice)
    batch = lost(row, reason=reason, by=alice)
    assert undo_batch(batch, by=alice, dry_run=True).restored == 1
    row.refresh_from_db()
    assert row.state == "lost"
