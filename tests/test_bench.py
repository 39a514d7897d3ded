"""The benchmark itself, on a handful of rows: each pair does the same on both sides, nothing is left behind."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from crm.management.bench import everything
from crm.management.bench.clock import Clock, Cost
from crm.management.bench.measure import Differs, Result, measure
from crm.management.bench.report_floors import GROUPS
from crm.management.bench.rows import LIMITS, Pair, Row, rows
from crm.management.bench.tables import told
from crm.management.seed.rows import TABLES, make_rows
from customers.models import Customer
from customers.models.pool import install_default_pool
from reports.contribution import measures
from tests.test_seed_rows import empty

KINDS = {"page", "composed", "import", "sweep", "report"}


@pytest.fixture(scope="module", autouse=True)
def registered():
    if not len(rows):
        everything.register()


@pytest.fixture
def filled(transactional_db, settings, monkeypatch, tmp_path):
    """A system of 1,200 customers, with the floors' addresses."""
    settings.ROOT_URLCONF = "crm.management.bench.urls"
    monkeypatch.setenv("BENCH_RESULTS", str(tmp_path / "results"))
    install_default_pool()
    make_rows("10k", 7, say=lambda line: None, customers=1_200)
    yield
    empty()


@pytest.mark.slow
def test_every_row_does_the_same_on_both_sides_and_leaves_nothing(filled, tmp_path):
    before = state()
    file = tmp_path / "bench.json"
    try:
        call_command("bench", times=1, json=file)
    except SystemExit as end:
        assert end.code == 1  # over a limit, which so few rows may well be
    found = json.loads(file.read_text())
    assert found["size"] == "10k"
    assert {row["kind"] for row in found["rows"]} == KINDS
    for row in found["rows"]:
        assert {"name", "kind", "ours_ms", "floor_ms", "ratio", "queries", "n"} <= row.keys(), row
        assert row["ours_ms"] > 0 and row["floor_ms"] > 0 and row["n"] == 1, row
    assert state() == before


def state():
    """What the data is, without what planning and locking leave."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(hashtext(c::text)) FROM customers_customer c")
        customers = cursor.fetchone()
        counts = []
        for table in (*TABLES, "records_batch", "messaging_notice", "django_session"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone())
    return customers, counts


def test_every_measure_of_the_contribution_has_a_floor():
    assert set(measures.names()) == {measure for measure, _by in GROUPS}


def test_every_row_has_the_limit_of_its_kind_or_says_another():
    assert {row.kind for row in rows} == KINDS == set(LIMITS)
    assert rows["sweep.assign"].most == 3 and rows["sweep.recycle"].most == 2


@pytest.mark.django_db
def test_sides_that_differ_are_no_measurement():
    pair = Pair(lambda _: 1, lambda _: 2, same=lambda ours, floor: ours == floor)
    with pytest.raises(Differs, match="ours 1, floor 2"):
        measure(Row("x", "page", "", lambda: pair), pair)


@pytest.mark.django_db
def test_a_row_counts_statements_and_takes_the_median():
    pair = Pair(lambda _: Customer.objects.exists(), lambda _: None)
    result = measure(Row("x", "page", "", lambda: pair), pair, times=3)
    assert result.queries == 1 and result.times == 3 and result.ours > 0


@pytest.mark.parametrize(("ours", "most_ms", "is_over"), [(1.4, None, False), (1.6, None, True), (1.4, 1, True)])
def test_a_row_is_over_by_ratio_or_by_time(ours, most_ms, is_over):
    row = Row("x", "page", "", lambda: None, most_ms=most_ms)
    result = Result(row, ours, 1.0, ours, 1.0, 3, 9)
    assert result.is_over == is_over and told(result)["ok"] == (not is_over)


@pytest.mark.django_db
def test_the_clock_counts_the_server_too():
    clock = Clock()
    if not clock.sees_server:
        pytest.skip("the server's CPU cannot be read here")

    def work():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 1000000)")

    cost, _answer = clock.of(work)
    assert isinstance(cost, Cost) and cost.cpu > 20


@pytest.mark.django_db
def test_the_command_asks_to_be_started_by_its_door():
    with pytest.raises(CommandError, match="bin/bench"):
        call_command("bench")


@pytest.mark.django_db
def test_a_row_that_does_not_exist_is_said(settings):
    settings.ROOT_URLCONF = "crm.management.bench.urls"
    with pytest.raises(CommandError, match="no row"):
        call_command("bench", only="nonsense", times=1)
