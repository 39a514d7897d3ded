import os
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command

from crm import examination, heartbeat
from crm.database_fitness import (
    ASK,
    EXTENSIONS,
    UnsuitableDatabase,
    database_findings,
    judge,
    require_suitable_database,
)

ALL = list(EXTENSIONS)


@pytest.mark.django_db
def test_the_test_database_suits():
    assert database_findings() == []
    require_suitable_database()


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ((16, "UTF8", "b", "C.UTF-8", ALL), "version 16"),
        ((17, "SQL_ASCII", "b", "C.UTF-8", ALL), "SQL_ASCII"),
        ((17, "UTF8", "c", "en_US.UTF-8", ALL), "en_US.UTF-8"),
        ((17, "UTF8", "b", "C", ALL), "locale C "),
        ((17, "UTF8", "b", "C.UTF-8", ["unaccent"]), "btree_gin, btree_gist, pg_trgm"),
    ],
)
def test_what_does_not_suit_is_named_with_a_remedy(facts, word):
    (finding,) = judge(*facts)
    assert word in finding.what and finding.remedy


def test_the_remedy_makes_a_database_that_suits():
    (finding,) = judge(17, "UTF8", "c", "en_US.UTF-8", ALL)
    statement = finding.remedy.partition(": ")[2].replace("crm", "remedied")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS remedied")
        server.execute(statement)
        there = os.environ["DATABASE_URL"].rpartition("/")[0] + "/remedied"
        with psycopg.connect(there) as made:
            assert judge(*made.execute(ASK).fetchone()) == []
        server.execute("DROP DATABASE remedied")


def test_another_locale_is_found_out():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS unsuitable")
        server.execute("CREATE DATABASE unsuitable TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
        there = os.environ["DATABASE_URL"].rpartition("/")[0] + "/unsuitable"
        with psycopg.connect(there) as made:
            assert "locale C " in judge(*made.execute(ASK).fetchone())[0].what
        server.execute("DROP DATABASE unsuitable")


def test_an_unsuitable_database_stops_the_start(monkeypatch):
    monkeypatch.setattr("crm.database_fitness.database_findings", lambda: judge(15, "UTF8", "b", "C.UTF-8", ALL))
    with pytest.raises(UnsuitableDatabase, match="version 15"):
        require_suitable_database()


@pytest.mark.django_db
def test_doctor_names_each_finding_with_its_remedy_and_fails(settings):
    settings.DEBUG = True
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    text = out.getvalue()
    assert "ok  database suitable" in text
    assert "!!  safety" in text and "→ Remove DEBUG." in text
    assert "!!  worker" in text and "→ Start one" in text


@pytest.mark.django_db
def test_doctor_sees_a_broker_that_may_drop_jobs(monkeypatch):
    monkeypatch.setattr("redis.Redis.info", lambda self, section: {"maxmemory_policy": "allkeys-lru"})
    (finding,) = examination.broker()
    assert "allkeys-lru" in finding.what


def test_doctor_sees_that_beat_is_silent():
    heartbeat.beat_once()
    assert examination.beat() == []
    from django.core.cache import cache

    cache.delete(heartbeat.KEY)
    assert "never" in examination.beat()[0].what


def test_what_needs_the_database_is_not_asked_without_it(monkeypatch):
    silent = {"database reachable": lambda: ["no answer"], "database suitable": lambda: pytest.fail("asked")}
    monkeypatch.setattr(examination, "EXAMINATIONS", silent)
    assert examination.examine() == {"database reachable": ["no answer"]}


@pytest.mark.django_db
def test_workers_are_not_asked_through_a_broker_that_does_not_answer(settings):
    """The question would wait for ever."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = examination.examine()
    assert found["broker"] and "worker" not in found
