from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.setup_link import invitation_link, make_administrator


class Command(BaseCommand):
    help = "Makes a user a system administrator; a new one gets a link, the last word, to choose a password with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="as colleagues see it")
        parser.add_argument("--email", default="")

    def handle(self, *, username: str, name: str, email: str, **_options: Any) -> None:
        user = User.objects.filter(username__iexact=username).first()
        if user is not None and not user.is_active:
            raise CommandError(f"{user.username} is deactivated.")
        if user is None:
            user = User.objects.create_user(username, name=name or username, email=email)
        make_administrator(user)
        if user.has_usable_password():
            self.stdout.write(f"{user.username} is a system administrator.")
        else:
            self.stdout.write(f"Choose a password for {user.username} within a week: {invitation_link(user)}")
