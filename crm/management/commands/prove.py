import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.management.bench.tables import SIZES, SMALLEST
from crm.management.prove.proofs import NotProved, line


class Command(BaseCommand):
    help = "Runs the big proofs: claim, assign, recycle. bin/prove starts what they need."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=("claim", "assign", "recycle"))
        parser.add_argument("--size", choices=SIZES, default=SMALLEST, help="of the database that recycle runs over")

    def handle(self, *args: Any, **options: Any) -> None:
        if "bench" not in settings.ROOT_URLCONF:
            raise CommandError("Start it with bin/prove: it needs a server of its own.")
        from crm.management.bench.database import make_ready, migrate
        from crm.management.prove import assign, claim, recycle

        name = options["name"]
        self.stdout.write(f"Proving {name}")
        logging.disable(logging.WARNING)  # thousands of refusals are what is asked for here
        if name == "recycle":
            make_ready(options["size"], say=self.stdout.write)
        else:
            migrate(say=self.stdout.write)
        proofs: dict[str, Callable[..., Any]] = {"claim": claim.prove, "assign": assign.prove, "recycle": recycle.prove}
        try:
            figures = proofs[name](self.say)
        except NotProved as failure:
            self.stderr.write(f"Not proved: {name}: {failure}")
            sys.exit(1)
        self.stdout.write(line(name, figures))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
