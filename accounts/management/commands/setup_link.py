from typing import Any

from django.core.management.base import BaseCommand

from accounts.setup_link import administrators_exist, setup_link


class Command(BaseCommand):
    help = "Prints a link for the first administrator, good for an hour and for one; nothing when there is one already."

    def handle(self, **_options: Any) -> None:
        if not administrators_exist():
            self.stdout.write(setup_link())
