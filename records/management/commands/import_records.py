import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import access
from accounts.models import User
from records.imports import notes, reasons
from records.imports.importables import Importable, by_plural, offered
from records.imports.mapping import ON_DUPLICATE, Mapping, propose
from records.imports.problems import FileProblem
from records.imports.run import Outcome
from records.imports.story import carry_out
from records.imports.table import Table, open_table
from records.models import FileImport

MOST_LINES = 50


class Command(BaseCommand):
    help = "Imports records from a file. The last line says what became of its rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join(each.plural for each in offered()))
        parser.add_argument("file")
        parser.add_argument("--mapping", metavar="FILE.json", help="which column is which field; default: the proposal")
        parser.add_argument("--dry-run", action="store_true", help="decide on every row, write nothing")
        parser.add_argument("--strict", action="store_true", help="refuse rows with near matches instead of assuming")
        parser.add_argument("--on-duplicate", choices=ON_DUPLICATE, help="default: skip")
        parser.add_argument("--as", dest="user", metavar="USER", help="act as this user; default: the system")
        parser.add_argument("--refused", metavar="FILE", help="write the refused rows there, CSV or XLSX")

    def handle(self, *args: Any, **options: Any) -> None:
        importable = by_plural(options["kind"])
        if importable is None:
            raise CommandError(f"no kind {options['kind']!r}; there are: {', '.join(e.plural for e in offered())}")
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"there is no file {path}")
        try:
            with tempfile.TemporaryDirectory() as folder:
                self._import(importable, path, Path(folder), options)
        except FileProblem as problem:
            raise CommandError(str(problem)) from problem

    def _import(self, importable: Importable, path: Path, folder: Path, options: dict[str, Any]) -> None:
        by = _author(options["user"], importable)
        told = _read_mapping(options["mapping"])
        table = open_table(path, path.name, folder=folder, knows=importable.knows, choice=told.get("read"))
        mapping = self._mapping(importable, table, told)
        mapping.on_duplicate = options["on_duplicate"] or mapping.on_duplicate
        if by is not None and mapping.owner is None and importable.has_owner:
            mapping.owner = by.pk
        file_import = FileImport.objects.create(
            kind=importable.kind, by=by, name=path.name[:255], size=path.stat().st_size, mapping=mapping.as_json(),
            rows=table.rows, state=FileImport.State.TESTING,
        )  # fmt: skip
        try:
            outcome = carry_out(file_import, table, mapping, dry_run=options["dry_run"], strict=options["strict"])
            self._tell(outcome, table, file_import, options)
        finally:
            if options["dry_run"] or file_import.batch_id is None:
                FileImport.objects.filter(pk=file_import.pk).delete()

    def _mapping(self, importable: Importable, table: Table, told: dict[str, Any]) -> Mapping:
        if told.get("columns"):
            return Mapping.from_json({**told, "kind": importable.kind}, table)
        mapping = propose(importable, table)
        if mapping.missing(importable) or not mapping.used:
            self.stdout.write(json.dumps(mapping.as_json(), ensure_ascii=False, indent=2))
            self.stderr.write(f"not recognised: {', '.join(mapping.missing(importable)) or 'any column'}")
            sys.exit(1)
        return mapping

    def _tell(self, outcome: Outcome, table: Table, file_import: FileImport, options: dict[str, Any]) -> None:
        left_out = [column["header"] for column in file_import.mapping["columns"] if not column.get("field")]
        self._list("left out", [f"column “{header}”" for header in left_out])
        self._list("assumed", [f"{notes.words(n)} ({n[2]})" for n in outcome.notes.get("assumed", [])])
        self._list("to settle", [f"{notes.words(n)} ({n[2]})" for n in outcome.notes.get("settle", [])])
        self._list("skipped", [f"{reasons.words(reason)} ({count})" for reason, count in outcome.skip_reasons])
        refused = file_import.refused_rows.values_list("row", "reasons")[: MOST_LINES + 1]
        self._list("refused", [f"row {row}: {reasons.words(why)}" for row, why in refused])
        if options["refused"]:
            from records.imports.refused import write_refused

            write_refused(file_import, table.headers, Path(options["refused"]))
        # Scripts read these words: they are never translated.
        number = outcome.batch.pk if outcome.batch else 0
        counts = ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
        self.stdout.write(f"batch {number}: {counts}")

    def _list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"{title}:")
        for line in lines[:MOST_LINES]:
            self.stdout.write(f"  {line}")
        if len(lines) > MOST_LINES:
            self.stdout.write("  …")


def _author(username: str | None, importable: Importable) -> User | None:
    if username is None:
        return None
    user = User.objects.active().filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"there is no active user {username!r}")
    if not access.allows(user, "import", importable.right):
        raise CommandError(f"{username} may not import {importable.plural}")
    return user


def _read_mapping(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    try:
        told = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} is no mapping: {error}") from error
    if not isinstance(told, dict):
        raise CommandError(f"{name} is no mapping")
    return told
