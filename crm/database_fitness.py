"""Whether this PostgreSQL suits us: asked before migrating and serving, and by `doctor`."""

from django.core.management.base import CommandError
from django.db import connection

from crm.findings import Finding

OLDEST = 17
EXTENSIONS = ("btree_gin", "btree_gist", "pg_trgm", "unaccent")
ASK = """
SELECT current_setting('server_version_num')::int / 10000, pg_encoding_to_char(encoding), datlocprovider::text,
       coalesce(to_jsonb(d) ->> 'datlocale', datcollate),
       ARRAY(SELECT name::text FROM pg_available_extensions)
  FROM pg_database d WHERE datname = current_database()
"""


class UnsuitableDatabase(CommandError):
    """The message says what is missing and what to do."""


def require_suitable_database(**_signal: object) -> None:
    found = database_findings()
    if found:
        raise UnsuitableDatabase("\n".join(["This database does not suit:", *map(str, found)]))


def database_findings() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        version, encoding, provider, locale, available = cursor.fetchone()
    return judge(version, encoding, provider, locale, available)


def judge(version: int, encoding: str, provider: str, locale: str, available: list[str]) -> list[Finding]:
    found = []
    if version < OLDEST:
        found.append(Finding(f"PostgreSQL is version {version}.", f"Move the data to PostgreSQL {OLDEST} or newer."))
    if encoding != "UTF8" or provider != "b" or locale not in {"C.UTF-8", "C.UTF8"}:
        found.append(
            Finding(
                f"The database has encoding {encoding} and locale {locale} (provider '{provider}'): "
                "search in Chinese and Russian would go wrong.",
                "Create it anew: CREATE DATABASE crm TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';",
            )
        )
    missing = sorted(set(EXTENSIONS) - set(available))
    if missing:
        found.append(
            Finding(
                f"The server lacks the extensions {', '.join(missing)}.",
                "Install PostgreSQL's contrib package (on Debian part of postgresql-17).",
            )
        )
    return found
