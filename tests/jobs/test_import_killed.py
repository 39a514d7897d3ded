"""An import on a real worker and broker, killed in the middle; and the same file by two people at once."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import ContactPoint, Customer, CustomerSearch
from records.imports import begin, story
from records.imports.importables import importables
from records.imports.mapping import propose
from records.jobs import alone, run_job
from records.models import Batch, Event, FileImport
from sales.models import Order, OrderLine
from tests.jobs.worker import held_at_event, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 3_000
State = FileImport.State


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, settings):
    """The worker reads the file from where this process put it."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))


def file_after_test(by, kind, text):
    made = FileImport(kind=kind, by=by, name=f"{kind}.csv", size=len(text), rows=text.count("\n") - 1)
    (made.make_room() / "file").write_text(text)
    made.save()
    table = story.open_file(made)
    begin.test(made, propose(importables[kind], table), table)
    story.proceed(made.pk)
    made.refresh_from_db()
    assert made.state == State.TESTED, made.problem
    return made


def customers_file():
    return "Company,E-mail\n" + "".join(f"Company {n},info@c{n}.example\n" for n in range(NUMBER))


def orders_file():
    rows = (f"N-{n},Company {n},2024-01-0{n % 9 + 1},Pump,{n % 7 + 1},9.5,2024-02-01,10\n" for n in range(NUMBER))
    return "Order,Customer,Date,Item,Qty,Price,Due date,Paid\n" + "".join(rows)


def state_of(made):
    return FileImport.objects.values_list("state", flat=True).get(pk=made.pk)


@pytest.mark.parametrize("at", ["records_event", "customers_contactpoint", "customers_customersearch"])
def test_a_killed_import_left_nothing_and_is_taken_up_again(worker, olga, at):
    made = file_after_test(olga, "customer", customers_file())
    with held_at_event(NUMBER // 2, table=at) as somebody_waits:
        worker.start()
        begin.run(made)
        wait_for(somebody_waits, what="the middle of the import", log=worker.log)
        worker.kill()
    assert state_of(made) == State.RUNNING  # it still says what was asked for
    assert not Customer.objects.exists() and not Event.objects.exists() and not Batch.objects.exists()
    worker.start()
    wait_for(lambda: _is_free(made), what="the end of the killed session")
    FileImport.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=5))
    run_job("records.resume_imports")
    wait_for(lambda: state_of(made) == State.DONE, seconds=60, what="the second run", log=worker.log)
    assert Customer.objects.count() == CustomerSearch.objects.count() == ContactPoint.objects.count() == NUMBER
    assert Event.objects.count() == NUMBER and Batch.objects.get().counts["added"] == NUMBER
    assert not made.room.exists()


def test_a_killed_import_of_orders_leaves_no_line_and_no_money(worker, olga):
    customers = file_after_test(olga, "customer", customers_file())
    begin.run(customers)
    story.proceed(customers.pk)
    made = file_after_test(olga, "order", orders_file())
    with held_at_event(NUMBER // 2, table="sales_settlement") as somebody_waits:
        worker.start()
        begin.run(made)
        wait_for(somebody_waits, what="the receipts", log=worker.log)
        worker.kill()
    assert not Order.objects.exists() and not OrderLine.objects.exists()
    assert not Customer.objects.filter(last_order_on__isnull=False).exists()
    worker.start()
    wait_for(lambda: _is_free(made), what="the end of the killed session")
    FileImport.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=5))
    run_job("records.resume_imports")
    wait_for(lambda: state_of(made) == State.DONE, seconds=60, what="the second run", log=worker.log)
    assert Order.objects.count() == OrderLine.objects.count() == NUMBER
    assert len(set(Order.objects.values_list("number", flat=True))) == NUMBER


def test_a_running_import_is_stopped_by_its_author(worker, olga):
    made = file_after_test(olga, "customer", customers_file())
    with held_at_event(10) as somebody_waits:
        worker.start()
        begin.run(made)
        wait_for(somebody_waits, what="the middle of the import", log=worker.log)
        assert begin.stop(made)
    wait_for(lambda: state_of(made) == State.TESTED, what="the worker to hear of it", log=worker.log)
    assert not Customer.objects.exists() and not Batch.objects.exists()


@pytest.mark.parametrize("kind", ["customer", "order"])
def test_two_people_with_the_same_file_at_once_make_no_doubles(olga, everybody, kind):
    from accounts.models import Role, UserRole

    UserRole.objects.create(user=everybody["tess"], role=Role.objects.get(code="operations"))
    if kind == "order":
        first = file_after_test(olga, "customer", customers_file())
        begin.run(first)
        story.proceed(first.pk)
    text = orders_file() if kind == "order" else customers_file()
    both = [file_after_test(who, kind, text) for who in (olga, everybody["tess"])]
    for made in both:
        begin.run(made)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_proceed, [made.pk for made in both]))
    reports = [FileImport.objects.get(pk=made.pk).report for made in both]
    assert sorted((told["added"], told["skipped"]) for told in reports) == [(0, NUMBER), (NUMBER, 0)]
    assert (Order if kind == "order" else Customer).objects.count() == NUMBER


def _proceed(pk):
    try:
        story.proceed(pk)
    finally:
        connection.close()


def _is_free(made):
    with alone(f"file_import:{made.pk}") as mine:
        return mine
