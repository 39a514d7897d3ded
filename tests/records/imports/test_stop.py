"""A person stops a test or an import: nothing is written, and it can go on from there."""

import dataclasses
import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer
from records.imports import begin, story
from records.imports.importables import importables
from records.imports.mapping import propose
from records.imports.resume import resume_imports
from records.models import Batch, Event, FileImport

pytestmark = pytest.mark.django_db
State = FileImport.State


def uploaded(by, text="Company\nAcme\nGlobex\n"):
    made = FileImport(kind="customer", by=by, name="a.csv", size=20, rows=2)
    (made.make_room() / "file").write_text(text)
    made.save()
    return made


def file_after_test(by):
    made = uploaded(by)
    table = story.open_file(made)
    begin.test(made, propose(importables["customer"], table), table)
    story.proceed(made.pk)
    made.refresh_from_db()
    return made


@pytest.fixture
def stopped_in_the_middle(monkeypatch):
    """Whoever imports customers is asked to stop when the rows are staged."""
    whole = importables["customer"]

    def ask(load):
        FileImport.objects.update(state=State.STOPPING)
        story.cache.set(f"import:{FileImport.objects.get().pk}:stop", True)
        whole.load(load)

    monkeypatch.setitem(importables._items, "customer", dataclasses.replace(whole, load=ask))


def nothing_is_written():
    return not (Customer.objects.exists() or Batch.objects.exists() or Event.objects.exists())


def test_a_stopped_import_writes_nothing_and_can_run_again(olga, signed_in):
    made = file_after_test(olga)
    begin.run(made)
    client = signed_in(olga)
    client.post(f"/import/{made.pk}/stop/")  # no worker has it yet
    made.refresh_from_db()
    assert made.state == State.TESTED
    story.proceed(made.pk)  # the message comes late
    assert nothing_is_written()
    page = client.get(f"/import/{made.pk}/").content.decode()
    assert "Stopped as you asked. Nothing was written." in page and "Import now" in page
    client.post(f"/import/{made.pk}/run/")
    story.proceed(made.pk)
    assert Customer.objects.count() == 2


def test_a_worker_hears_of_it_at_its_next_step(olga, stopped_in_the_middle):
    made = uploaded(olga)
    table = story.open_file(made)
    begin.test(made, propose(importables["customer"], table), table)
    story.proceed(made.pk)
    made.refresh_from_db()
    assert (made.state, made.problem["code"]) == (State.UPLOADED, "stopped")
    assert nothing_is_written()


def test_what_is_over_is_not_stopped(olga, signed_in):
    made = file_after_test(olga)
    begin.run(made)
    story.proceed(made.pk)
    assert not begin.stop(made)
    answer = signed_in(olga).post(f"/import/{made.pk}/stop/", follow=True)
    assert "This import was over already." in answer.content.decode()
    assert Customer.objects.count() == 2


def test_a_stop_whose_worker_died_is_settled_by_the_sweep(olga):
    made = file_after_test(olga)
    begin.run(made)
    FileImport.objects.update(state=State.STOPPING, started_at=timezone.now() - datetime.timedelta(minutes=10))
    assert resume_imports(now=timezone.now(), dry_run=True).moved == 1
    story.proceed(made.pk)
    made.refresh_from_db()
    assert made.state == State.TESTED and nothing_is_written()


@pytest.mark.django_db(transaction=True)
def test_of_a_stop_and_the_end_at_once_whichever_commits_first_stands(olga, monkeypatch):
    made = file_after_test(olga)
    begin.run(made)
    asked: list[bool] = []

    def ask():
        asked.append(begin.stop(FileImport.objects.get(pk=made.pk)))
        connection.close()

    keep, thread = story._keep_refused, threading.Thread(target=ask)

    def then_ask(*args):
        keep(*args)
        thread.start()  # waits for the row, which the end holds
        thread.join(0.3)
        assert not asked

    monkeypatch.setattr(story, "_keep_refused", then_ask)
    story.proceed(made.pk)
    thread.join()
    made.refresh_from_db()
    assert (asked, made.state, Customer.objects.count()) == ([False], State.DONE, 2)
