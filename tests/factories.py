"""Makers of test rows: plain functions with the fewest arguments, saved at once."""

from typing import Any

from accounts.models import Role, Team, User, UserRole


def team(name: str, *, parent: Team | None = None, supervisor: User | None = None) -> Team:
    return Team.objects.create(name=name, parent=parent, supervisor=supervisor)


PASSWORD = "quiet harbour"


def person(username: str, *roles: str, team: Team | None = None, **fields: Any) -> User:
    user = User.objects.create_user(
        username, "quiet harbour", name=fields.pop("name", username.title()), team=team, **fields
    )
    for code in roles:
        UserRole.objects.create(user=user, role=Role.objects.get(code=code))
    return user
