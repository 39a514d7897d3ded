import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.management.bench import tables
from crm.management.bench.measure import Differs, Result, measure
from crm.management.bench.rows import Row, chosen, rows


class Command(BaseCommand):
    help = "Measures the product against its floors, on the database of a size. bin/bench starts what it needs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=tables.SIZES, default=tables.SMALLEST)
        parser.add_argument("--only", default="", metavar="NAME", help="a row, a kind, or the beginning of rows' names")
        parser.add_argument("--json", type=Path, metavar="FILE")
        parser.add_argument("--times", type=int, help="how often each side of a row runs; default: as the row says")

    def handle(self, *args: Any, **options: Any) -> None:
        if "bench" not in settings.ROOT_URLCONF:
            raise CommandError("Start it with bin/bench: the floors need settings of their own.")
        from crm.management.bench import everything
        from crm.management.bench.database import make_ready

        if not len(rows):
            everything.register()
        found = list(chosen(options["only"]))
        if not found:
            raise CommandError(f"There is no row {options['only']!r}.")
        make_ready(options["size"], say=self.stdout.write)
        kept = tables.Results(Path(os.environ["BENCH_RESULTS"]))
        results = self._measure(found, options["times"], lambda found: kept.keep(options["size"], found))
        if options["json"]:
            tables.write_json(options["json"], options["size"], results)
        tables.say_growth(kept, say=self.stdout.write)
        self._conclude(results)

    def _measure(self, found: list[Row], times: int | None, keep: Callable[[list[Result]], None]) -> list[Result]:
        """``keep`` is told after each row: a run that is broken off leaves what it measured."""
        from crm.management.bench.visitor import sign_out

        self.stdout.write("Medians in ms of CPU, client and server together; wall is the time that passed.")
        self.stdout.write(tables.head())
        results = []
        for row in found:
            try:
                pair = row.prepare()
                if pair is None:
                    self.stdout.write(f"{row.name:<48} not measured: this data has nothing for it")
                    continue
                results.append(measure(row, pair, times=times))
            except Differs as error:
                raise CommandError(f"Ours and the floor differ. {error}") from error
            self.stdout.write(tables.line(results[-1]))
            self.stdout.flush()
            keep(results)
        sign_out()
        return results

    def _conclude(self, results: list[Result]) -> None:
        over = [result.row.name for result in results if result.is_over]
        self.stdout.write(f"\n{len(results)} rows, {len(over)} over their limit")
        if over:
            self.stderr.write(f"Over: {', '.join(over)}")
            sys.exit(1)
