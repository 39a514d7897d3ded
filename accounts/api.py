"""``/api/v1/users`` and ``/api/v1/teams``: names of active people are visible to everybody who signs in."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from ninja import Schema

from accounts.models import Team, User
from crm.endpoints import Collection, collections
from crm.endpoints.collection import Filter
from crm.endpoints.schemas import IdAsked


class UserOut(Schema):
    id: int
    username: str
    name: str
    team: int | None
    is_active: bool
    is_on_duty: bool


class TeamOut(Schema):
    id: int
    name: str
    parent: int | None
    supervisor: int | None


def show_user(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "team": user.team_id,
        "is_active": user.is_active,
        "is_on_duty": user.is_on_duty,
    }


def show_team(team: Team) -> dict[str, Any]:
    return {"id": team.pk, "name": team.name, "parent": team.parent_id, "supervisor": team.supervisor_id}


def find_people(text: str, _user: Any) -> Callable[[QuerySet], QuerySet]:
    words = Q(name__icontains=text) | Q(username__icontains=text)
    return lambda rows: rows.filter(words)


collections.add(
    "users",
    Collection(
        name="users",
        kind="",
        model=User,
        out=UserOut,
        show=show_user,
        sorts={"name": "name", "id": "id"},
        default_sort="name",
        filters={"team": Filter(IdAsked, "team_id"), "username": Filter(str, "username__iexact")},
        search=find_people,
        rows=lambda user: User.objects.active(),
    ),
)
collections.add(
    "teams",
    Collection(
        name="teams",
        kind="",
        model=Team,
        out=TeamOut,
        show=show_team,
        sorts={"name": "name", "id": "id"},
        default_sort="name",
        filters={"parent": Filter(IdAsked, "parent_id")},
        rows=lambda user: Team.objects.all(),
    ),
)
