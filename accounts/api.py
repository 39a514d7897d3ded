"""``/api/v1/users`` and ``/api/v1/teams``: names are for everybody who signs in; who administers changes them.

What lets somebody in asks for the password and is not for a token: roles, and for whoever has a role the e-mail
address (the way to a new password), the user name and coming back. That is done in the administration.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import StringConstraints

from accounts import access
from accounts.directory import change_person, deactivate, enter_person
from accounts.duty import DAY
from accounts.mail import send_invitation
from accounts.models import Team, User
from accounts.team_tree import add_team, change_team, remove_team
from crm.endpoints import Collection, Model, Verb, collections
from crm.endpoints.answers import require_version, rules_refuse
from crm.endpoints.collection import Filter
from crm.endpoints.fields import body
from crm.endpoints.schemas import IdAsked, Line
from crm.endpoints.values import chosen

PERSON = ("name", "username", "email", "phone", "team", "language", "time_zone", "is_on_duty")
TEAM = ("name", "parent", "supervisor")
WAYS_IN = ("username", "email")
EXAMPLE = {"name": "Mia Berg", "email": "mia@acme.example", "team": 1, "language": "en"}
OF_SYSTEM: dict[str, Any] = {
    "judged_by": lambda record: "system", "create_kind": "system", "create_right": "administer",
    "change_right": "administer", "remove_right": "administer",
}  # fmt: skip
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00\r\n]*$")]


class Absence(Schema):
    """Both days included."""

    first: date
    last: date


class UserOut(Schema):
    """``email`` and ``phone`` are null for all but the person and the administrators."""

    id: int
    version: int
    username: str
    name: str
    email: str | None
    phone: str | None
    team: int | None
    language: str
    time_zone: str
    is_active: bool
    is_on_duty: bool
    off_duty_until: datetime | None
    absences: list[Absence]


class TeamOut(Schema):
    id: int
    version: int
    name: str
    parent: int | None
    supervisor: int | None


class Nothing(Model):
    """The verb takes no values."""


def show_user(user: User) -> dict[str, Any]:
    plain = ("username", "name", "email", "phone", "language", "time_zone", "is_active", "is_on_duty", "version")
    absences = [{"first": days.lower, "last": days.upper - DAY} for days in user.absences]
    duty = {"off_duty_until": user.off_duty_until, "absences": absences}
    return {"id": user.pk, "team": user.team_id, **{name: getattr(user, name) for name in plain}, **duty}


def mask_user(values: dict[str, Any], user: User, reader: Any) -> dict[str, Any]:
    if user.pk == reader.pk or access.allows(reader, "administer", "system"):
        return values
    return {**values, "email": None, "phone": None}


def show_team(team: Team) -> dict[str, Any]:
    return {
        "id": team.pk, "version": team.version, "name": team.name, "parent": team.parent_id,
        "supervisor": team.supervisor_id,
    }  # fmt: skip


def people(user: Any) -> QuerySet:
    """Those who left are for administrators."""
    if access.allows(user, "administer", "system"):
        return User.objects.all()  # unscoped: who administers sees all people
    return User.objects.active()  # unscoped: names of active people are for everybody


def find_people(text: str, _user: Any) -> Callable[[QuerySet], QuerySet]:
    words = Q(name__icontains=text) | Q(username__icontains=text)
    return lambda rows: rows.filter(words)


def find_teams(text: str, _user: Any) -> Callable[[QuerySet], QuerySet]:
    return lambda rows: rows.filter(name__icontains=text)


# --- users ---


def create_user(sent: dict[str, Any], *, by: Any) -> User:
    return enter_person(_values(sent), by=by)


def change_user(person: User, sent: dict[str, Any], *, by: Any, version: int) -> None:
    values = _values(sent)

    def check(person: User) -> None:
        require_version(person, version)
        refuse_without_password(person, values)

    with rules_refuse():
        change_person(person, values, by=by, check=check)


def remove_user(person: User, *, by: Any) -> None:
    with rules_refuse():
        deactivate(person, by=by)


def invite(person: User, data: dict[str, Any], *, by: Any) -> None:
    """Where she chooses a password; the link goes to her address only."""
    with rules_refuse():
        if not person.email or not person.is_active:
            raise ValidationError(_("An invitation needs an e-mail address and an active person."), code="no_address")
    send_invitation(person, by=by)


def refuse_without_password(person: User, values: Mapping[str, Any]) -> None:
    """A token that fell into wrong hands must not open somebody's account."""
    opens = any(name in values and values[name] != getattr(person, name) for name in WAYS_IN)
    returns = values.get("is_active") is True and not person.is_active
    if (opens or returns) and access.role_ids_of(person):
        raise ValidationError(
            _("For somebody with a role this asks for your password: change it in the administration."),
            code="confirmation",
        )


# --- teams ---


def create_team(sent: dict[str, Any], *, by: Any) -> Team:
    return add_team(_values(sent), by=by)


def alter_team(team: Team, sent: dict[str, Any], *, by: Any, version: int) -> None:
    change_team(team, _values(sent), by=by, check=lambda team: require_version(team, version))


def delete_team(team: Team, *, by: Any) -> None:
    with rules_refuse():
        remove_team(team, by=by)


def _values(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Teams and people by their numbers."""
    rows = {
        "team": Team.objects.all(),  # unscoped: for those who administer
        "parent": Team.objects.all(),  # unscoped: as above
        "supervisor": User.objects.active(),  # unscoped: as above
    }
    return {
        name: chosen(name, rows[name], value) if name in rows and value is not None else value
        for name, value in sent.items()
    }


collections.add(
    "users",
    Collection(
        name="users",
        kind="",
        model=User,
        out=UserOut,
        show=show_user,
        mask=mask_user,
        sorts={"name": "name", "id": "id"},
        default_sort="name",
        filters={
            "team": Filter(IdAsked, "team_id"),
            "username": Filter(Line, "username__iexact"),
            "is_active": Filter(bool, "is_active"),
            "is_on_duty": Filter(bool, "is_on_duty"),
        },
        search=find_people,
        rows=people,
        body=body("NewUser", User, PERSON, required=("name",), name=Name, example=EXAMPLE),
        create=create_user,
        patch=body("UserChange", User, (*PERSON, "is_active"), name=Name, username=Name),
        change=change_user,
        remove=remove_user,
        verbs={"invite": Verb(invite, body=Nothing, may=lambda user, _p: access.allows(user, "administer", "system"))},
        **OF_SYSTEM,
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
        filters={"parent": Filter(IdAsked, "parent_id"), "supervisor": Filter(IdAsked, "supervisor_id")},
        search=find_teams,
        rows=lambda user: Team.objects.all(),  # unscoped: the tree is for everybody
        body=body("NewTeam", Team, TEAM, required=("name",), name=Name, example={"name": "East", "parent": 1}),
        create=create_team,
        patch=body("TeamChange", Team, TEAM, name=Name),
        change=alter_team,
        remove=delete_team,
        **OF_SYSTEM,
    ),
)
