from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.backup import write_backup
from crm.postgres_tools import ToolFailed


class Command(BaseCommand):
    help = "Writes the whole system, database and uploaded files, into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            size = write_backup(file)
        except (ToolFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {size / 1e6:.1f} MB")
