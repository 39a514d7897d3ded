"""The tree of teams: teams are added, changed and removed. Reach follows at once, by today's tree."""

from collections.abc import Callable, Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.held import protecting
from accounts.models import Team


@transaction.atomic
def add_team(values: Mapping[str, Any], *, by: Any) -> Team:
    team = Team(**values)
    _write(team, by=by)
    return team


@transaction.atomic
def change_team(team: Team, values: Mapping[str, Any], *, by: Any, check: Callable[[Team], None] | None = None) -> None:
    """``check`` judges the team as it is now. The whole tree is locked: two moves at once could make a ring."""
    list(Team.objects.select_for_update().order_by("pk"))
    team.lock()
    if check:
        check(team)
    changed = {name: value for name, value in values.items() if getattr(team, name) != value}
    for name, value in changed.items():
        setattr(team, name, value)
    if changed:
        _write(team, by=by, update_fields=list(changed))


@transaction.atomic
def remove_team(team: Team, *, by: Any) -> None:
    """Refused while people, teams or records belong to it."""
    team.lock()
    if team.members.exists() or team.children.exists():
        raise ValidationError(_("People or teams belong to this team. Move them first."), code="in_use")
    if _is_named(team):
        raise ValidationError(_("Records or rules belong to this team, so it stays."), code="in_use")
    with pghistory.context(user=getattr(by, "pk", None)):
        team.delete()


def _is_named(team: Team) -> bool:
    """Asked one table at a time: a team may own a hundred thousand rows."""
    return any(field.model._base_manager.filter(**{field.name: team}).exists() for field in protecting(Team))


def _write(team: Team, *, by: Any, **how: Any) -> None:
    team.full_clean()
    with pghistory.context(user=getattr(by, "pk", None)):
        team.save(**how)
