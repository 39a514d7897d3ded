from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm import catalogue


class Command(BaseCommand):
    help = (
        "Brings locale/*.po up to date with the code and compiles them; --check only tells whether they are complete."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when anything is missing")

    def handle(self, *, check: bool, **_options: Any) -> None:
        root = Path(settings.BASE_DIR)
        if check:
            return self._check(root)
        for language in catalogue.LANGUAGES:
            missing = catalogue.refresh(root, language)
            self.stdout.write(f"{language}: {missing} without translation" if missing else f"{language}: complete")

    def _check(self, root: Path) -> None:
        texts = catalogue.extracted(root)
        found = [one for language in catalogue.LANGUAGES for one in catalogue.findings(root, language, texts)]
        if found:
            raise CommandError("\n".join(str(one) for one in found))
        self.stdout.write(f"{len(texts)} texts, complete in {len(catalogue.LANGUAGES)} languages")
