import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from records.jobs import JobOutcome, jobs, run_job


class Command(BaseCommand):
    help = "Runs a job of the clock now. The last line says how many rows it moved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="for example customers.recycle")
        parser.add_argument("--at", help="the rules' now, ISO 8601; without an offset: the company's zone")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--force", action="store_true", help="pass the brake")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] not in jobs:
            raise CommandError(f"no job {options['name']!r}; there are: {', '.join(jobs.names())}")
        now = _moment(options["at"]) if options["at"] else None
        outcome = run_job(options["name"], now=now, dry_run=options["dry_run"], force=options["force"])
        for line in outcome.lines:
            self.stdout.write(str(line))
        self.stdout.write(_last_line(outcome, dry_run=options["dry_run"]))


def _moment(text: str) -> datetime.datetime:
    from accounts.models import Company

    try:
        moment = parse_datetime(text) or datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--at {text!r} is not a time in ISO 8601") from error
    if not 1900 < moment.year < 3000:
        raise CommandError(f"--at {text!r}: the year lies between 1901 and 2999")
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=Company.get().zone)


def _last_line(outcome: JobOutcome, *, dry_run: bool) -> str:
    """Scripts read these words: they are never translated."""
    if not outcome.moved:
        return "nothing to do"
    if dry_run:
        return f"would move {outcome.moved}"
    return f"batch {outcome.batch.pk if outcome.batch else 0}: {outcome.moved} moved"
