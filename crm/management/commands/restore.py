import tarfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.backup import RestoreRefused, read_backup
from crm.postgres_tools import ToolFailed


class Command(BaseCommand):
    help = "Reads a backup into an empty system."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            read_backup(file)
        except tarfile.TarError as error:
            raise CommandError(f"{file} is not a backup: {error}") from error
        except (RestoreRefused, ToolFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} is restored. Sign in as before.")
