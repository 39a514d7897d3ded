"""Is the process alive, and is everything there that it needs?"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm import heartbeat

BROKER_SECONDS = 3.0
_migrated = False


@require_safe
@never_cache
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    findings = {
        "database": _holds(_require_database),
        "broker": _holds(_require_broker),
        "migrations": _holds(_require_migrated),
        "beat": _holds(_require_beat),
    }
    return JsonResponse(findings, status=200 if all(findings.values()) else 503)


def unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _require_database() -> None:
    """A kept connection looks open long after the server went: only an answer counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _require_broker() -> None:
    """The queue itself; the cache may be another server."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
    )
    try:
        client.ping()
    finally:
        client.close()


def _require_migrated() -> None:
    """Asked until it is so once: code and migrations of a running process do not change."""
    global _migrated
    _migrated = _migrated or not unapplied_migrations()
    if not _migrated:
        raise LookupError("migrations are missing")


def _require_beat() -> None:
    if heartbeat.is_late():
        raise LookupError("no tick")


def _holds(question: Callable[[], object]) -> bool:
    try:
        question()
    except Exception:  # whatever went wrong, the answer is "not ready"
        return False
    return True
