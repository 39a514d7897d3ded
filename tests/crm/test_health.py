import datetime

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone

from crm import health, heartbeat
from crm.tasks import heartbeat as heartbeat_task


@pytest.fixture(autouse=True)
def no_earlier_beat():
    cache.delete(heartbeat.KEY)
    yield
    cache.delete(heartbeat.KEY)


def test_alive_answers_anybody_without_a_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_when_all_that_is_needed_is_there(client):
    heartbeat_task()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "broker": True, "migrations": True, "beat": True}


@pytest.mark.django_db
def test_not_ready_while_beat_is_silent(client):
    heartbeat.beat_once(now=timezone.now() - heartbeat.LATE - datetime.timedelta(seconds=1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["beat"] is False and answer.json()["database"] is True


@pytest.mark.django_db
def test_not_ready_while_a_kept_connection_is_dead(client, monkeypatch):
    heartbeat_task()

    def broken(*args):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False and answer.json()["broker"] is True


@pytest.mark.django_db
def test_not_ready_while_the_queue_is_silent_though_the_cache_answers(client, settings):
    heartbeat_task()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "broker": False, "migrations": True, "beat": True}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "unapplied_migrations", lambda: ["leads.0009_x"])
    assert client.get("/readyz").json()["migrations"] is False


@pytest.mark.django_db
def test_no_migration_is_missing_here():
    assert health.unapplied_migrations() == []
