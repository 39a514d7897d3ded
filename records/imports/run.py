"""Testing and running an import: everything in one transaction, so that nothing is ever half-written.

A killed worker leaves no trace but the file; the message comes again and the work begins anew. Imports of one kind wait
for each other, so that each sees what the other added.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from records.imports.importables import Importable
from records.imports.load import STAGE, Load
from records.imports.mapping import Mapping
from records.imports.table import Table
from records.models import Batch


@dataclass
class Outcome:
    """``refused``: (row, reasons); ``skipped``: reason code → count; ``notes``: assumed and to settle."""

    read: int = 0
    added: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0
    refusals: list[tuple[int, list[Any]]] = field(default_factory=list)
    skip_reasons: list[tuple[list[Any], int]] = field(default_factory=list)
    notes: dict[str, list[Any]] = field(default_factory=dict)
    batch: Batch | None = None

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("read", "added", "updated", "skipped", "refused")}


class _RolledBack(Exception):
    """Ends the transaction of a dry run."""


def run_import(
    table: Table, importable: Importable, mapping: Mapping, *, by: Any, name: str, owner: Any = None,
    strict: bool = False, dry_run: bool = False, tell: Callable[[int], None] = lambda rows: None,
    finish: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:  # fmt: skip
    """Imports a table; ``dry_run`` decides on every row the same way and writes nothing.

    ``finish(outcome)`` is called within the transaction, so that what it records stands or falls with the rows.
    Raises FileProblem when the file is refused whole.
    """
    mapping.check(importable)
    outcome = Outcome()
    with suppress(_RolledBack), transaction.atomic():
        _end_with_the_worker()
        _wait_for_others(importable.kind)
        batch = None if dry_run else _start_batch(importable, mapping, by=by, name=name)
        load = Load(importable, mapping, by=by, strict=strict, batch=batch, owner=owner, tell=tell)
        load.name = name
        load.stage(table)
        importable.load(load)
        _tell_outcome(load, outcome)
        if dry_run:
            raise _RolledBack
        batch.finish(**outcome.counts)
        outcome.batch = batch
        finish(outcome)
    return outcome


def _end_with_the_worker() -> None:
    """A statement whose worker was killed ends within seconds, and with it the locks that others wait for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('client_connection_check_interval', '3s', true) WHERE version() LIKE '%linux%'"
        )


def _wait_for_others(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{kind}"])


def _start_batch(importable: Importable, mapping: Mapping, *, by: Any, name: str) -> Batch:
    title = _("%(kind)s from %(file)s") % {"kind": importable.label, "file": name}
    params = {"kind": importable.kind, "file": name, "on_duplicate": mapping.on_duplicate}
    return Batch.start("import", by=by, title=title[:200], params=params)


def _tell_outcome(load: Load, outcome: Outcome) -> None:
    counts = dict(load.sql(f"SELECT state, count(*) FROM {STAGE} GROUP BY state"))
    outcome.read = load.read
    outcome.added, outcome.updated = counts.get("a", 0), counts.get("u", 0)
    outcome.skipped, outcome.refused = counts.get("s", 0), counts.get("r", 0)
    refused = load.sql(f"SELECT row, reason FROM {STAGE} WHERE state = 'r' ORDER BY row")
    outcome.refusals = [(row, json.loads(reason)) for row, reason in refused]
    skipped = load.sql(
        f"""SELECT CASE WHEN r->>0 = 'same_in_file' THEN '["repeated", {{}}]'::jsonb ELSE r END, count(*)
            FROM {STAGE}, jsonb_array_elements(reason) r
            WHERE state = 's' GROUP BY 1 ORDER BY 2 DESC LIMIT 20"""
    )
    outcome.skip_reasons = [(json.loads(reason), count) for reason, count in skipped]
    if load.memory.get("no_currency"):
        load.notes.add("currency", value=load.currency)
    outcome.notes = load.notes.as_json()
