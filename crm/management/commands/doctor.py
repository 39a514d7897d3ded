import sys
from typing import Any

from django.core.management.base import BaseCommand

from crm.examination import examine


class Command(BaseCommand):
    help = "Looks whether everything is there that the system needs, with a remedy for each finding."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        results = examine()
        for name, findings in results.items():
            self.stdout.write(f"{'ok' if not findings else '!!'}  {name}")
            for finding in findings:
                self.stdout.write(f"    {finding}")
        if any(results.values()):
            sys.exit(1)
