"""The whole system in one file: the database and the uploaded files.

A backup is a tar of `manifest.json`, `database.dump` (pg_dump's own format) and `media/…`. The database goes first:
a file that is uploaded meanwhile is too much, never missing. The queue is left out: due work is derived from rows.
"""

import json
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from crm.postgres_tools import run_tool

FORMAT = 1


class RestoreRefused(Exception):
    """Nothing was changed; the message says why."""


def write_backup(target: Path) -> int:
    """Answers the size in bytes. The file appears whole or not at all, readable only by its owner."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".backup-") as folder:
        dump, manifest, unfinished = (Path(folder) / name for name in ("database.dump", "manifest.json", "tar"))
        run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        manifest.write_text(json.dumps(_manifest(), indent=1))
        with tarfile.open(unfinished, "w") as tar:
            tar.add(manifest, manifest.name)
            tar.add(dump, dump.name)
            if settings.MEDIA_ROOT.is_dir():
                tar.add(settings.MEDIA_ROOT, "media")
        unfinished.chmod(0o600)
        unfinished.replace(target)
    return target.stat().st_size


def read_backup(source: Path) -> None:
    """Into an empty system only. Refuses, or restores all of it; an older backup is migrated afterwards."""
    with tarfile.open(source) as tar, tempfile.TemporaryDirectory(prefix="restore-") as folder:
        _require_readable(tar)
        _require_empty_system()
        tar.extract("database.dump", folder, filter="data")
        _replace_database(Path(folder) / "database.dump")
        _restore_files(tar)
    call_command("migrate", interactive=False, verbosity=0)
    cache.clear()


def _manifest() -> dict:
    applied = sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)
    return {"format": FORMAT, "made_at": timezone.now().isoformat(), "migrations": applied}


def _require_readable(tar: tarfile.TarFile) -> None:
    try:
        file = tar.extractfile("manifest.json")
    except KeyError:
        raise RestoreRefused("This file is not a backup of this system.") from None
    manifest = json.load(file) if file else {}
    if manifest.get("format") != FORMAT:
        raise RestoreRefused("This backup has a form that this version does not know.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise RestoreRefused(f"This backup was made by a newer version (it has {unknown[0]}): update first.")


def _require_empty_system() -> None:
    tables = connection.introspection.table_names()
    if get_user_model()._meta.db_table in tables and get_user_model().objects.exists():
        raise RestoreRefused("This system has users already. Restore into an empty one: bin/run --reset --demo none")
    if settings.MEDIA_ROOT.is_dir() and any(settings.MEDIA_ROOT.iterdir()):
        raise RestoreRefused(f"There are uploaded files in {settings.MEDIA_ROOT}. Restore into an empty system.")


def _replace_database(dump: Path) -> None:
    """What is there are empty tables of this version; those of the backup may be older."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    run_tool(
        "pg_restore",
        *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
        f"--dbname={connection.settings_dict['NAME']}",
        str(dump),
    )


def _restore_files(tar: tarfile.TarFile) -> None:
    for member in tar:
        path = PurePosixPath(member.name)
        if member.isfile() and path.parts[0] == "media":
            member.name = str(path.relative_to("media"))
            tar.extract(member, settings.MEDIA_ROOT, filter="data")
