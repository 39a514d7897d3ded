"""What all rows are written with: dice that fall alike for the same seed, and one INSERT … SELECT per table."""

import datetime
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

# What a column holds that nobody names, by the first word of its type. Columns that may be null stay null.
_EMPTY = {"character": "''", "text": "''", "boolean": "false", "timestamp": "now()", "jsonb": "'{}'", "numeric": "0"}
_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND attgenerated = ''
"""


def _midnight() -> datetime.datetime:
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass
class Filling:
    """``customers``: from their number follow all others. ``now``: midnight, so that one day gives the same rows."""

    customers: int
    seed: int
    say: Callable[[str], Any]
    now: datetime.datetime = field(default_factory=_midnight)

    @property
    def moment(self) -> str:
        return f"'{self.now.isoformat()}'::timestamptz"

    def dice(self, salt: str, row: str = "i") -> str:
        """SQL of a number in [0, 1) that follows from the seed, the row's number and the salt."""
        mixed = zlib.crc32(f"{self.seed} {salt}".encode())
        return f"((hashint8extended(({row})::bigint, {mixed}) & 16777215)::float8 / 16777216)"

    def whole(self, salt: str, below: int | str, row: str = "i") -> str:
        """The same as a whole number from 0 to ``below`` - 1."""
        return f"floor({self.dice(salt, row)} * {below})::int"

    def pick(self, salt: str, values: Sequence[Any], row: str = "i") -> str:
        listed = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in values)
        return f"(ARRAY[{listed}])[1 + {self.whole(salt, len(values), row)}]"

    def insert(self, table: str, source: str, **columns: str) -> None:
        """``columns``: SQL per column over ``source``, what follows FROM. What is not named is empty."""
        values = {**self._empty(table), **columns}
        listed = ", ".join(f'"{name}"' for name in values)
        count = run(f"INSERT INTO {table} ({listed}) SELECT {', '.join(values.values())} FROM {source}")
        self.say(f"  {table.partition('_')[2]}: {count:,}")

    def _empty(self, table: str) -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS, [table])
            kinds = dict(cursor.fetchall())
        empty = {name: _empty_of(kind) for name, kind in kinds.items()}
        empty.pop("id", None)
        return {**empty, "version": "1"} if "version" in empty else empty


def _empty_of(kind: str) -> str:
    return "'{}'" if kind.endswith("[]") else _EMPTY.get(kind.split()[0].partition("(")[0], "0")


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def ids_of(sql: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def entries(name: str) -> list[int]:
    """The numbers of a dictionary's entries, in order."""
    return ids_of(f"SELECT id FROM records_dictionaryentry WHERE list = '{name}' ORDER BY id")
