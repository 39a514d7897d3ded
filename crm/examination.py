"""`doctor`: what it looks at, in the order in which one thing depends on another."""

from collections.abc import Callable

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection

from crm import heartbeat
from crm.database_fitness import database_findings
from crm.findings import Finding
from crm.health import unapplied_migrations
from crm.postgres_tools import free_gigabytes

LEAST_DISK = 2.0


def examine() -> dict[str, list[Finding]]:
    """Findings by what was looked at; none means all is well there."""
    results: dict[str, list[Finding]] = {}
    for name, look in EXAMINATIONS.items():
        if name in NEED_DATABASE and results.get("database reachable"):
            continue
        if name in NEED_BROKER and results.get("broker"):
            continue
        results[name] = look()
    return results


def database_reachable() -> list[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return [
            Finding(f"The database does not answer: {str(error).strip()}", "Start it (bin/run), or mend DATABASE_URL.")
        ]
    return []


def migrations() -> list[Finding]:
    missing = unapplied_migrations()
    if not missing:
        return []
    return [Finding(f"{len(missing)} migrations are not applied, first {missing[0]}.", "manage.py migrate")]


def broker() -> list[Finding]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
    try:
        policy = client.info("memory").get("maxmemory_policy")
    except redis.RedisError as error:
        return [Finding(f"The broker does not answer: {error}", "Start Redis or Valkey, or mend REDIS_URL.")]
    finally:
        client.close()
    if policy != "noeviction":
        return [Finding(f"The broker may drop jobs: its policy is {policy}.", "Set maxmemory-policy noeviction.")]
    return []


def beat() -> list[Finding]:
    try:
        last, late = heartbeat.last_beat(), heartbeat.is_late()
    except redis.RedisError as error:
        return [Finding(f"The cache does not answer: {error}", "Mend CACHE_URL.")]
    if not late:
        return []
    when = last.isoformat(timespec="seconds") if last else "never"
    return [Finding(f"No job is scheduled: last sign of life {when}.", "Start a worker and beat; see their logs.")]


def worker() -> list[Finding]:
    try:
        answers = current_app.control.ping(timeout=2.0)
    except Exception as error:  # whatever the broker's client raises
        return [Finding(f"The workers could not be asked: {error}", "See 'broker'.")]
    return [] if answers else [Finding("No worker answers.", "Start one: celery -A crm worker")]


def files() -> list[Finding]:
    found = []
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        found.append(Finding("The style sheets are not collected.", "manage.py collectstatic"))
    if not any(settings.FONTS_DIR.glob("*.ttf")):
        found.append(
            Finding(f"No fonts for documents in {settings.FONTS_DIR}.", "Start once with bin/run, or set FONTS_DIR.")
        )
    return found


def disk() -> list[Finding]:
    free = free_gigabytes(settings.MEDIA_ROOT)
    if free >= LEAST_DISK:
        return []
    return [Finding(f"Only {free:.1f} GB are free for uploaded files.", "Make room, or move MEDIA_ROOT.")]


def safety() -> list[Finding]:
    found = []
    if settings.DEBUG:
        found.append(Finding("DEBUG is on: error pages show settings and data.", "Remove DEBUG."))
    if settings.PUBLIC_URL.startswith("https://") and not settings.PROXIES:
        found.append(
            Finding("PUBLIC_URL is https but PROXIES is 0: addresses of visitors and links go wrong.", "Set PROXIES=1.")
        )
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        found.append(Finding("Mails are printed, not sent.", "Set EMAIL_URL."))
    return found


EXAMINATIONS: dict[str, Callable[[], list[Finding]]] = {
    "database reachable": database_reachable,
    "database suitable": database_findings,
    "migrations": migrations,
    "broker": broker,
    "beat": beat,
    "worker": worker,
    "files": files,
    "disk": disk,
    "safety": safety,
}
NEED_DATABASE = {"database suitable", "migrations"}
NEED_BROKER = {"worker"}  # asking through a broker that does not answer would wait for ever
