"""A worker that dies leaves nothing half-written, and its work is taken up again; an import can be taken back."""

import dataclasses
import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Team, User
from customers.models import Contact, Customer
from records.imports import begin, story
from records.imports.importables import importables
from records.imports.mapping import propose
from records.imports.resume import resume_imports
from records.models import Batch, Event, FileImport
from records.undo import undo_batch
from sales.models import Opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(olga):
    """An import of two customers that a worker is about to begin."""
    made = FileImport(kind="customer", by=olga, name="a.csv", size=20, rows=2)
    (made.make_room() / "file").write_text("Company\nAcme\nGlobex\n")
    made.save()
    table = story.open_file(made)
    begin.test(made, propose(importables["customer"], table), table)
    story.proceed(made.pk)
    made.refresh_from_db()
    begin.run(made)
    return made


def test_a_failure_half_way_leaves_nothing(running, monkeypatch):
    whole = importables["customer"]

    def half(load):
        whole.load(load)
        raise RuntimeError("the worker dies here")

    monkeypatch.setitem(importables._items, "customer", dataclasses.replace(whole, load=half))
    story.proceed(running.pk)
    running.refresh_from_db()
    assert (running.state, running.problem["code"]) == ("failed", "failed")
    assert not Customer.objects.exists() and not Batch.objects.exists() and not Event.objects.exists()
    monkeypatch.undo()
    assert begin.run(running)
    story.proceed(running.pk)
    assert Customer.objects.count() == 2


def test_the_message_may_come_twice(running):
    story.proceed(running.pk)
    story.proceed(running.pk)
    assert (Customer.objects.count(), Batch.objects.count()) == (2, 1)


def test_work_that_nobody_does_is_taken_up_again(running):
    now = timezone.now()
    assert resume_imports(now=now, dry_run=False).moved == 0  # it may still wait for its worker
    FileImport.objects.update(started_at=now - datetime.timedelta(minutes=10))
    assert resume_imports(now=now, dry_run=True).moved == 1


def test_files_that_were_never_run_are_thrown_away_after_a_week(olga):
    old = FileImport(kind="customer", by=olga, name="a.csv")
    room = old.make_room()
    old.save()
    resume_imports(now=timezone.now() + datetime.timedelta(days=8), dry_run=False)
    assert not FileImport.objects.exists() and not room.exists()


def run(kind, tmp_path, text):
    path = tmp_path / f"{kind}.csv"
    path.write_text(text)
    call_command("import_records", kind, str(path), stdout=io.StringIO())
    return Batch.objects.latest("pk")


def test_people_and_their_teams_go_when_nobody_used_them(tmp_path):
    batch = run("users", tmp_path, "Sales agent,Manager,Regional office\nAnna,Dora,West\nZane,Dora,West\n")
    assert (User.objects.count(), Team.objects.count()) == (3, 2)
    undo_batch(batch, by=None)
    assert (User.objects.count(), Team.objects.count()) == (0, 0)


def test_customers_with_later_work_stay_until_that_is_undone(tmp_path):
    customers = run("customers", tmp_path, "Company,Owner\nAcme,\nGlobex,\n")
    deals = run("opportunities", tmp_path, "Deal,Company,Stage,Id\nBig,Acme,Talks,D-1\n")
    assert undo_batch(customers, by=None, dry_run=True).restored == 1
    assert undo_batch(deals, by=None).restored == 1
    assert undo_batch(customers, by=None).restored == 2
    assert not Customer.objects.live().exists() and not Opportunity.objects.live().exists()
    again = run("opportunities", tmp_path, "Deal,Stage,Id\nBig,Talks,D-1\n")
    assert again.counts["added"] == 1


def test_contacts_go_with_the_customers_that_came_with_them(tmp_path):
    batch = run("contacts", tmp_path, "Name,Company,Email\nRose,Acme,rose@acme.example\nSean,Acme,sean@acme.example\n")
    assert (Contact.objects.count(), Customer.objects.count()) == (2, 1)
    assert undo_batch(batch, by=None).restored == 3
    assert not Contact.objects.live().exists() and not Customer.objects.live().exists()
