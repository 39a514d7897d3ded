"""Who may do what: the one place that reads roles and rights.

One rule in three readings, compared by a guard: ``as_q`` for joins and small sets, ``covers`` for a record in memory,
``walks`` for lists at size (one index walk per reach unit; an OR of them would make the planner guess).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Reach

if TYPE_CHECKING:
    from accounts.models import User

# What a reading collaborator may do, and what a writing one may do besides.
READING = frozenset({"view"})
WRITING = READING | {"change"}


@dataclass(frozen=True)
class Path:
    """How reach finds its way to a row of one model.

    ``kind``: the kind whose rights count. ``owned``: the row has ``owner`` and ``team`` of its own. ``parent``: the
    foreign key of the customer that the row follows. ``parent_owner``/``parent_team``: columns that copy the parent's
    owner and team so that a list can walk them; a superset, checked again at the parent. ``queue``: rows without owner
    and team belong to everybody who reaches at least a team (leads waiting for assignment). ``needs_owner``: rows
    without owner are in nobody's reach (customers in a pool have a page of their own); where the row has no owner of
    its own, the parent's counts. ``via``: the foreign key of the record whose whole reach the row shares (an invoice:
    its order); nothing else of the path counts then. ``copied``: prefix of the row's columns that copy the owner
    and the team of that record, and its ``parent_owner`` and ``parent_team``; a trigger keeps them: they count alone.
    """

    kind: str
    owned: bool = True
    parent: str | None = None
    parent_owner: str | None = None
    parent_team: str | None = None
    queue: bool = False
    needs_owner: bool = False
    via: str | None = None
    copied: str | None = None

    @property
    def needed(self) -> str | None:
        """The lookup of the owner without whom nobody reaches the row."""
        if not self.needs_owner:
            return None
        return "owner__isnull" if self.owned else f"{self.parent}__owner__isnull"


@dataclass(frozen=True)
class Walk:
    """One branch of a list: rows where all of ``where`` holds and nothing of ``but_not``; branches never overlap."""

    where: dict[str, Any] = field(default_factory=dict)
    but_not: tuple[dict[str, Any], ...] = ()

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        rows = rows.filter(**self.where)
        for condition in self.but_not:
            rows = rows.exclude(**condition)
        return rows


@dataclass(frozen=True)
class Grants:
    """What one person holds today: reaches by (kind, action), and the teams that her team reach means."""

    reaches: dict[tuple[str, str], Reach]
    team_ids: tuple[int, ...]

    def reach(self, kind: str, action: str) -> Reach:
        return self.reaches.get((kind, action), Reach.NONE)


# Teams: her own and those she supervises, each with all below. One statement for rights and teams.
_GRANTS_SQL = """
WITH RECURSIVE tree AS (
    SELECT id FROM accounts_team WHERE id = %(team)s OR supervisor_id = %(user)s
    UNION SELECT t.id FROM accounts_team t JOIN tree ON t.parent_id = tree.id
)
SELECT r.kind, r.action, max(r.reach)::bigint FROM accounts_right r
  JOIN accounts_userrole ur ON ur.role_id = r.role_id WHERE ur.user_id = %(user)s GROUP BY 1, 2
UNION ALL SELECT '', '', id FROM tree
"""


def grants_of(user: "User") -> Grants:
    """Today's grants of a person, read once per loaded user (so once per request)."""
    held = getattr(user, "_grants", None)
    if held is None:
        held = user._grants = _load_grants(user)  # type: ignore[attr-defined]
    return held


def _load_grants(user: "User") -> Grants:
    if not user.is_active or user.pk is None:
        return Grants({}, ())
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS_SQL, {"team": user.team_id, "user": user.pk})
        rows = cursor.fetchall()
    reaches = {(kind, action): Reach(value) for kind, action, value in rows if kind}
    return Grants(reaches, tuple(sorted(value for kind, _action, value in rows if not kind)))


def forget(user: "User") -> None:
    """Reads the grants anew on the next question: after a change of roles within one request or test."""
    user.__dict__.pop("_grants", None)


def reach_of(user: "User", kind: str, action: str = "view") -> Reach:
    return grants_of(user).reach(kind, action)


def allows(user: "User", action: str, kind: str) -> bool:
    """Whether the person may do this to any record of the kind at all: for menus, buttons and pages without rows."""
    return bool(getattr(user, "is_authenticated", False)) and reach_of(user, kind, action) > Reach.NONE


def allows_all(user: "User", action: str, kind: str) -> bool:
    """Whether the person may do this for the whole company: rules, rates and settings that bind everybody."""
    return bool(getattr(user, "is_authenticated", False)) and reach_of(user, kind, action) == Reach.ALL


def team_ids_of(user: "User") -> tuple[int, ...]:
    return grants_of(user).team_ids


_SHARED_SQL = """
SELECT subject_kind, subject_id, can_write FROM records_collaborator
 WHERE user_id = %s AND (until IS NULL OR until > %s) ORDER BY 1, 2, 3
"""


def shape_of(user: "User") -> tuple[Any, ...]:
    """All that the SQL of a person's reach follows from, at this moment: the same shape, the same statements."""
    grants = grants_of(user)
    with connection.cursor() as cursor:
        cursor.execute(_SHARED_SQL, [user.pk, timezone.now()])
        shared = tuple(cursor.fetchall())
    return user.pk, grants.team_ids, tuple(sorted(grants.reaches.items())), shared


# --- first reading: SQL for joins and small sets ---


def as_q(user: "User", model: type[models.Model], action: str = "view") -> Q:
    """The rows of ``model`` within reach, as a condition. Has no joins to many: no ``distinct()`` is ever needed."""
    path: Path = model.access  # type: ignore[attr-defined]
    reach = reach_of(user, path.kind, action)
    if reach == Reach.NONE:
        return Q(pk__in=[])
    if path.via:
        whole = _related(model, path.via)
        return Q(**{f"{path.via}__in": whole._base_manager.filter(as_q(user, whole, action)).values("pk")})
    if reach == Reach.ALL:
        return _anybodys(path)
    rule = Q()
    if path.owned:
        rule |= _held(user, reach, "", path.queue)
    if path.parent:
        rule |= _held(user, reach, f"{path.parent}__", False)
    rule |= _shared(user, path, action)
    return rule & _anybodys(path)


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    return model._meta.get_field(name).related_model  # type: ignore[return-value]


def below(user: "User", model: type[models.Model], parent: models.Model, action: str = "view") -> Q:
    """``as_q`` among the rows of one parent in memory: what the parent settles is not asked again of each row."""
    path: Path = model.access  # type: ignore[attr-defined]
    if path.needs_owner or path.via or not _holds(user, reach_of(user, path.kind, action), parent, False):
        return as_q(user, model, action)
    return Q()


def _anybodys(path: Path) -> Q:
    return Q(**{path.needed: False}) if path.needed else Q()


def _held(user: "User", reach: Reach, prefix: str, queue: bool) -> Q:
    rule = Q(**{f"{prefix}owner_id": user.pk})
    if reach == Reach.TEAM:
        rule |= Q(**{f"{prefix}team_id__in": team_ids_of(user), f"{prefix}owner__isnull": False})
        if queue:
            rule |= Q(owner__isnull=True) & (Q(team__isnull=True) | Q(team_id__in=team_ids_of(user)))
    return rule


def _shared(user: "User", path: Path, action: str) -> Q:
    if action not in WRITING:
        return Q(pk__in=[])
    rule = Q()
    if path.owned:
        rule |= Q(pk__in=collaborations(user, path.kind, action))
    if path.parent:
        rule |= Q(**{f"{path.parent}_id__in": collaborations(user, "customer", action)})
    return rule


def collaborations(user: "User", kind: str, action: str = "view", *, now: Any = None) -> models.QuerySet:
    """Ids of the records of a kind that are shared with the person for this action, today."""
    rows = apps.get_model("records", "Collaborator").objects.filter(user_id=user.pk, subject_kind=kind)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=now or timezone.now()))
    if action not in READING:
        rows = rows.filter(can_write=True)
    return rows.values("subject_id")


# --- second reading: a record in memory ---


def covers(user: "User", record: Any, action: str = "view") -> bool:
    """Whether this record is within the person's reach for the action. Same answer as ``as_q``."""
    path: Path = record.access
    if path.via:
        return covers(user, getattr(record, path.via), action)
    reach = reach_of(user, path.kind, action)
    parent = getattr(record, path.parent) if path.parent else None
    if reach == Reach.NONE or (path.needs_owner and (record if path.owned else parent).owner_id is None):
        return False
    if reach == Reach.ALL:
        return True
    if path.owned and _holds(user, reach, record, path.queue):
        return True
    if parent is not None and _holds(user, reach, parent, False):
        return True
    return _is_shared(user, record, path, action)


def _holds(user: "User", reach: Reach, record: Any, queue: bool) -> bool:
    if record.owner_id == user.pk:
        return reach > Reach.NONE
    if reach != Reach.TEAM:
        return False
    if record.owner_id is None:
        return queue and (record.team_id is None or record.team_id in team_ids_of(user))
    return record.team_id in team_ids_of(user)


def _is_shared(user: "User", record: Any, path: Path, action: str) -> bool:
    if action not in WRITING:
        return False
    if path.owned and collaborations(user, path.kind, action).filter(subject_id=record.pk).exists():
        return True
    parent_id = getattr(record, f"{path.parent}_id") if path.parent else None
    if parent_id is None:
        return False
    return collaborations(user, "customer", action).filter(subject_id=parent_id).exists()


# --- third reading: walks for lists at size ---


def walks(user: "User", model: type[models.Model], action: str = "view") -> list[Walk]:
    """The same rows as ``as_q`` as disjoint branches, each served in order by one index. Empty: nothing in reach."""
    path: Path = model.access  # type: ignore[attr-defined]
    reach = reach_of(user, path.kind, action)
    if reach == Reach.NONE:
        return []
    if path.via:
        whole = _related(model, path.via)
        return [_via(walk, path, whole.access) for walk in walks(user, whole, action)]  # type: ignore[attr-defined]
    base = {path.needed: False} if path.needed else {}
    if reach == Reach.ALL:
        return [Walk(base)]
    found: list[Walk] = []
    for unit in _units(user, path, reach):
        _append(found, {**base, **unit})
    if action in WRITING:
        for unit in _shared_units(user, path, action):
            _append(found, {**base, **unit})
    return found


def _via(walk: Walk, path: Path, whole: Path) -> Walk:
    """The walk of the whole record, asked of its part: by the part's own columns where it has copies."""
    copies = {"owner", "team", whole.parent_owner, whole.parent_team} if path.copied else set()

    def beyond(where: dict[str, Any]) -> dict[str, Any]:
        return {_of_part(key): value for key, value in where.items()}

    def _of_part(key: str) -> str:
        name, mark, lookup = key.partition("__")
        name = name.removesuffix("_id")
        return f"{path.copied}{name}{mark}{lookup}" if name in copies else f"{path.via}__{key}"

    return Walk(beyond(walk.where), tuple(beyond(where) for where in walk.but_not))


def _append(found: list[Walk], where: dict[str, Any]) -> None:
    found.append(Walk(where, tuple(earlier.where for earlier in found)))


def _units(user: "User", path: Path, reach: Reach) -> Iterable[dict[str, Any]]:
    if path.owned:
        yield from _owned_units(user, reach)
        if path.queue and reach == Reach.TEAM:
            yield {"owner__isnull": True, "team__isnull": True}
            for team in team_ids_of(user):
                yield {"owner__isnull": True, "team_id": team}
    if path.parent:
        yield from _parent_units(user, path, reach)


def _owned_units(user: "User", reach: Reach) -> Iterable[dict[str, Any]]:
    yield {"owner_id": user.pk}
    if reach == Reach.TEAM:
        for team in team_ids_of(user):
            yield {"team_id": team, "owner__isnull": False}


def _parent_units(user: "User", path: Path, reach: Reach) -> Iterable[dict[str, Any]]:
    """The copy on the row leads the index; the parent itself decides."""
    hint = {path.parent_owner: user.pk} if path.parent_owner else {}
    yield {**hint, f"{path.parent}__owner_id": user.pk}
    if reach == Reach.TEAM:
        for team in team_ids_of(user):
            hint = {path.parent_team: team} if path.parent_team else {}
            yield {**hint, f"{path.parent}__team_id": team, f"{path.parent}__owner__isnull": False}


def _shared_units(user: "User", path: Path, action: str) -> Iterable[dict[str, Any]]:
    if path.owned:
        yield {"pk__in": collaborations(user, path.kind, action)}
    if path.parent:
        yield {f"{path.parent}_id__in": collaborations(user, "customer", action)}


# --- the answer for one request ---


def require(user: "User", action: str, subject: Any) -> None:
    """Passes, or raises PermissionDenied. ``subject`` is a record, or the code of a kind for pages without a row."""
    fits = allows(user, action, subject) if isinstance(subject, str) else covers(user, subject, action)
    if not fits:
        raise PermissionDenied(_("You may not do this."))


def require_all(user: "User", action: str, kind: str) -> None:
    """Passes for whoever may do this for the whole company, or raises PermissionDenied."""
    if not allows_all(user, action, kind):
        raise PermissionDenied(_("You may not do this."))


def holds_role(user: "User", role_ids: Iterable[int]) -> bool:
    """Whether the person has one of these roles: for rules of the company that name roles."""
    return apps.get_model("accounts", "UserRole").objects.filter(user_id=user.pk, role_id__in=list(role_ids)).exists()


def role_ids_of(user: "User") -> list[int]:
    """The numbers of a person's roles: for rules of the company that name roles."""
    return list(
        apps.get_model("accounts", "UserRole").objects.filter(user_id=user.pk).values_list("role_id", flat=True)
    )


def role_names() -> dict[int, str]:
    """All roles by number, in words: what a rule may name."""
    return {role.pk: str(role) for role in apps.get_model("accounts", "Role").objects.all()}


def people_in_reach(user: "User", kind: str, action: str = "view", *, former: bool = False) -> models.QuerySet:
    """Active people whose records of the kind the person reaches: choices of owner filters, assignees, reports.

    ``former``: those who have left as well, whose records are still there.
    """
    everybody = apps.get_model("accounts", "User").objects
    people: models.QuerySet = everybody.all() if former else everybody.active()
    reach = reach_of(user, kind, action)
    if reach == Reach.ALL:
        return people
    if reach == Reach.TEAM:
        return people.filter(Q(pk=user.pk) | Q(team_id__in=team_ids_of(user)))
    return people.filter(pk=user.pk) if reach == Reach.OWN else people.none()


def holders(kind: str, action: str) -> models.QuerySet:
    """Active people who hold a right at any reach: whom to tell, who may approve."""
    people = apps.get_model("accounts", "User").objects.active()
    held = apps.get_model("accounts", "Right").objects.filter(kind=kind, action=action, reach__gt=Reach.NONE)
    return people.filter(pk__in=apps.get_model("accounts", "UserRole").objects.filter(
        role_id__in=held.values("role_id")
    ).values("user_id"))  # fmt: skip
