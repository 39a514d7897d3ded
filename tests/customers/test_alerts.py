"""Reminders: one notice per person and day, what lasts goes to the supervisor, nothing twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from customers.alerts import alert_idle
from customers.models import AlertLimits, Customer, Pool, RecycleRule
from messaging.models import Notice
from messaging.notices import notice_kinds
from records.models import Batch
from records.undo import undo_batch
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 14, 7, tzinfo=UTC)


def at(owner, name="Acme", *, since=1, contact=None, due=None, **fields):
    row = customer(name, owner=owner, **fields)
    Customer.objects.filter(pk=row.pk).update(
        assigned_at=NOW - timedelta(days=since),
        last_contact_at=contact and NOW - timedelta(days=contact),
        next_contact_at=due and NOW - timedelta(days=due),
    )
    return row


def told():
    return {(n.user.username, n.kind): n.facts for n in Notice.objects.all()}


def test_each_alert_is_counted_for_its_owner(alice, bob):
    RecycleRule.objects.create(pool=Pool.default(), name="r", is_active=True, idle_days=100, warn_days=7)
    AlertLimits.objects.create(escalate_days=None)
    at(alice, "never", since=3), at(alice, "new", since=2)
    at(alice, "overdue", contact=1, due=0.1), at(alice, "planned", contact=1, due=-1)
    at(alice, "idle A", contact=14, grade="A"), at(alice, "fine D", contact=90, grade="D")
    at(bob, "drops", since=96, contact=95, grade="D"), at(bob, "not yet", since=96, contact=92, grade="D")
    alert_idle(now=NOW)
    assert told() == {("alice", "alerts"): {"never": 1, "overdue": 1, "idle": 1}, ("bob", "alerts"): {"drop": 1}}


def test_the_words_say_what_waits(alice):
    at(alice, since=5), at(alice, contact=1, due=2)
    alert_idle(now=NOW)
    notice = Notice.objects.get()
    assert notice_kinds[notice.kind].text(notice) == "Your customers: 1 never contacted, 1 overdue."


def test_nobody_is_told_twice_a_day_and_again_the_next(alice):
    at(alice, since=5)
    assert alert_idle(now=NOW).moved == 1
    assert alert_idle(now=NOW + timedelta(hours=3)).moved == 0
    assert Batch.objects.count() == 1
    assert alert_idle(now=NOW + timedelta(days=1)).moved == 1


def test_who_became_due_since_the_first_run_of_a_day_is_told_in_the_second(alice, bob):
    at(alice, since=5)
    alert_idle(now=NOW)
    at(bob, contact=1, due=0.01)
    assert alert_idle(now=NOW + timedelta(hours=3)).moved == 1
    assert Notice.objects.count() == 2


def test_what_lasts_is_escalated_to_the_supervisor(alice, bob, charlie, tess):
    at(alice, contact=9, due=2), at(bob, contact=9, due=4), at(charlie, contact=9, due=4)
    at(tess, contact=9, due=9)
    alert_idle(now=NOW)
    assert told()["tess", "escalated"] == {"overdue": 1}
    assert told()["tess", "alerts"] == {"overdue": 1}


def test_a_team_without_supervisor_escalates_to_the_one_above(charlie, north, south, tess):
    south.parent = north
    south.save()
    at(charlie, contact=9, due=4)
    alert_idle(now=NOW)
    assert told()["tess", "escalated"] == {"overdue": 1}


def test_switched_off_limits_tell_nothing(alice):
    AlertLimits.objects.create(never_days=None, idle_days_a=None, idle_days_b=None, idle_days_c=None)
    at(alice, since=400), at(alice, contact=400, grade="A")
    assert alert_idle(now=NOW).moved == 0


def test_a_dry_run_says_what_the_run_does(alice, bob):
    at(alice, since=5), at(alice, contact=1, due=2), at(bob, since=9)

    def said(*arguments):
        out = StringIO()
        call_command("run_job", "customers.alert_idle", "--at", NOW.isoformat(), *arguments, stdout=out)
        return out.getvalue().splitlines()

    foreseen = said("--dry-run")
    assert foreseen[0] == "Never contacted: 2 customers" and foreseen[-1] == "would move 2"
    assert not Notice.objects.exists()
    done = said()
    assert (done[:-1], done[-1]) == (foreseen[:-1], f"batch {Batch.objects.get().pk}: 2 moved")
    assert said()[-1] == "nothing to do"


def test_undo_takes_unread_notices_back(alice, bob):
    at(alice, since=5), at(bob, since=5)
    batch = alert_idle(now=NOW).batch
    Notice.objects.filter(user=bob).mark_read()
    assert undo_batch(batch, by=None, dry_run=True).restored == 1
    result = undo_batch(batch, by=None)
    assert (result.restored, len(result.left)) == (1, 1)
    assert [n.user for n in Notice.objects.all()] == [bob]
