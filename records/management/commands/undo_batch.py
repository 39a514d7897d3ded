from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.models import Batch
from records.refusals import Refused
from records.undo import undo_batch


class Command(BaseCommand):
    help = "Takes a batch back, as far as nobody changed its rows since. The last line says how far."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = Batch.objects.filter(pk=options["number"]).first()
        if batch is None:
            raise CommandError(f"there is no batch {options['number']}")
        try:
            result = undo_batch(batch, by=None, dry_run=options["dry_run"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in result.left:
            who = f", changed by {row['by']}" if row.get("by") else ""
            self.stdout.write(f"left: {row['kind']} {row['id']}{who}")
        self.stdout.write(f"{result.restored} restored, {len(result.left)} left")
