from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Issues an API token that acts as a user, and prints it as the last word. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default="write")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.active().filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no active user {options['username']!r}.")
        token = ApiToken.issue(user, name=options["name"], scope=options["scope"])
        self.stdout.write(f"Token of {user.username} ({options['scope']}): {token}")
