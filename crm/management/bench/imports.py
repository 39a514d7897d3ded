"""The row of kind ``import``: a file of customers with a contact each, read, checked and stored by the import, against
parsing the same file and COPY of the very rows that ours stored, into the same tables with their indexes.

Ours adds: values read and normalised, duplicates in the file and in the database, links, refusals, the log's facts.
Everything is rolled back. The peak of memory is told beside the figures.
"""

import csv
import io
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from crm.management.bench.clock import Memory
from crm.management.bench.rows import Pair, Row, rows
from crm.management.seed.row_names import company_names
from customers.models import Customer
from records.imports.importables import by_plural
from records.imports.mapping import propose
from records.imports.run import run_import
from records.imports.table import open_table

MOST_ROWS = 100_000
HEAD = ["Name", "Phone", "E-mail", "City", "Country", "Contact", "Website"]
SHARE = 10  # into 10k customers come 1k: a tenth, as 100k into 1m

# Tables into which this transaction has written rows, as PostgreSQL counts them, with the column that numbers the rows.
_WRITTEN = """
SELECT s.relname, a.attname FROM pg_stat_xact_user_tables s
JOIN pg_index i ON i.indrelid = s.relid AND i.indisprimary
JOIN pg_attribute a ON a.attrelid = s.relid AND a.attnum = i.indkey[0]
WHERE s.n_tup_ins > 0 AND s.schemaname = 'public' ORDER BY s.relname = 'records_batch' DESC, s.relid
"""


def register() -> None:
    facts: dict[str, Any] = {}
    row = Row(
        "import.customers", "import", "a file of customers, a tenth of what is there", lambda: _pair(facts), times=3,
        facts=facts,
    )  # fmt: skip
    rows.add(row.name, row)


@dataclass
class Stored:
    """What ours wrote, table by table, as COPY writes it."""

    tables: dict[str, bytes] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def _pair(facts: dict[str, Any]) -> Pair:
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    number = min(MOST_ROWS, Customer._base_manager.count() // SHARE)
    file = folder / "customers.csv"
    _write_file(file, number)
    stored = Stored()
    facts.update(rows=number, peak_mb=None)

    def ours(_: Any) -> int:
        memory = Memory()
        added = _import(file, folder)
        facts["peak_mb"] = round(memory.growth() or 0)
        return added

    @contextmanager
    def around() -> Iterator[None]:
        with transaction.atomic():
            before = {} if stored.tables else _highest()
            yield
            if not stored.tables:
                _keep(stored, before)
            transaction.set_rollback(True)

    return Pair(ours, lambda _: _floor(file, stored), same=lambda done, bare: done == bare == number, around=around)


def _write_file(file: Path, number: int) -> None:
    """Names as the seed makes them, numbers of their own: nothing is a duplicate."""
    dice, names = random.Random(7), company_names()
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        for place in range(number):
            name = f"{names[place % len(names)]} B{place}"
            city = dice.choice(["Hamburg", "Leeds", "Lyon", "Graz"])
            phone, mail = f"+49 30 7{place:08}", f"office@bench{place}.example"
            writer.writerow([name, phone, mail, city, "DE", f"Maria Keller {place}", f"https://bench{place}.example"])


def _import(file: Path, folder: Path) -> int:
    importable = by_plural("customers")
    assert importable is not None
    table = open_table(file, file.name, folder=folder, knows=importable.knows)
    by = User.objects.get(username="olga")
    mapping = propose(importable, table)
    return run_import(table, importable, mapping, by=by, name=file.name, owner=by).added


def _floor(file: Path, stored: Stored) -> int:
    """The file is parsed for its own sake; what is copied is what ours made of it."""
    with file.open(newline="", encoding="utf-8") as source:
        number = sum(1 for _row in csv.reader(source)) - 1
    with connection.cursor() as cursor:
        for table, rows_ in stored.tables.items():
            with cursor.cursor.copy(f'COPY "{table}" ({stored.columns[table]}) FROM STDIN') as stream:
                stream.write(rows_)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return number


def _highest() -> dict[str, int]:
    """The highest number of each table that has one."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.atttypid = 'bigint'::regtype"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        for table, key in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(max("{key}"), 0) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def _keep(stored: Stored, before: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        written = [(table, key) for table, key in cursor.fetchall() if table in before]
        for table, key in written:
            stored.columns[table] = _columns(table)
            out = io.BytesIO()
            chosen = f'SELECT {stored.columns[table]} FROM "{table}" WHERE "{key}" > {before[table]} ORDER BY "{key}"'
            with cursor.cursor.copy(f"COPY ({chosen}) TO STDOUT") as stream:
                for piece in stream:
                    out.write(piece)
            if out.tell():
                stored.tables[table] = out.getvalue()


def _columns(table: str) -> str:
    """Without those that the database reckons itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I', attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return cursor.fetchone()[0]
