"""Import of people: with their teams, sub-teams and supervisors. Nobody can sign in before being invited."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Team, User
from accounts.newcomers import EVERYDAY, Newcomer, add_people
from crm import normalise
from crm.normalise import fold
from records.imports.importables import Importable, ImportColumn
from records.imports.load import STAGE, Load
from records.imports.reasons import BadValue
from records.imports.sets import decide, match, same_in_file, update
from records.models import Event

ROLES = {
    "account_manager": ("account manager", "sales agent", "sales rep", "rep", "客户经理", "销售", "менеджер"),
    "supervisor": ("sales supervisor", "sales manager", "主管", "销售主管", "руководитель"),
    "executive": ("高管", "руководство"),
    "operations": ("sales operations", "sales ops", "销售运营"),
    "finance": ("财务", "финансы"),
    "marketing": ("市场", "маркетинг"),
    "service_agent": ("service agent", "客服", "сервис"),
    "administrator": ("system administrator", "admin", "系统管理员"),
}

COLUMNS = (
    ImportColumn(
        "name", _("name"), required=True, max_length=120,
        aliases=("sales agent", "sales rep", "full name", "person", "employee", "account manager", "user",
                 "姓名", "员工姓名", "销售代表", "имя", "фио", "сотрудник", "менеджер"),
    ),
    ImportColumn("username", _("user name"), max_length=80, aliases=("login", "user name", "用户名", "账号", "логин")),
    ImportColumn("email", _("e-mail"), max_length=254,
                 aliases=("e-mail", "mail", "email address", "邮箱", "почта", "эл. почта")),
    ImportColumn("phone", _("phone"), max_length=40, aliases=("phone number", "mobile", "电话", "手机", "телефон")),
    ImportColumn("team", _("team"), max_length=120,
                 aliases=("regional office", "office", "region", "department", "branch", "大区", "部门", "团队",
                          "办事处", "отдел", "команда", "филиал", "регион")),
    ImportColumn("manager", _("supervisor"), max_length=120,
                 aliases=("manager", "sales manager", "team lead", "reports to", "主管", "上级主管", "经理",
                          "руководитель", "начальник")),
    ImportColumn("role", _("role"), "choice", choices=ROLES,
                 aliases=("position", "profile", "角色", "роль", "должность")),
    ImportColumn("active", _("active"), "boolean", aliases=("is active", "在职", "активен")),
)  # fmt: skip


def derive(values: dict[str, Any], load: Load) -> None:
    if values.get("email"):
        address = normalise.email(values["email"])
        if address is None:
            raise BadValue("email", value=values["email"])
        values["email"] = address
    name = values.get("username")
    if name and not all(character.isalnum() or character in "@.+-_" for character in name):
        raise BadValue("username", value=name)
    if values.get("role") not in (None, *EVERYDAY) and not _may_give_any_role(load):
        raise BadValue("choice", value=values["role"], choices=", ".join(sorted(EVERYDAY)))
    values["name_key"] = fold(values["name"])


def _may_give_any_role(load: Load) -> bool:
    return load.by is None or access.allows(load.by, "administer", "system")


def load(load: Load) -> None:
    plain = "CASE WHEN s.username IS NULL AND s.email IS NULL THEN s.name_key END"
    same_in_file(load, "lower(s.username)", "s.email", plain)
    match(load, User, {"lower(s.username)": "lower(t.username)", "s.email": "lower(t.email)"})
    match(load, User, {"s.name_key": "lower(t.name)"}, only="(s.email IS NULL OR t.email = '')")
    decide(load, User)
    changed = {name: name for name in ("name", "email", "phone") if name in load.mapping.fields}
    update(load, User, changed)
    if load.dry_run:
        _preview_teams(load)
        return
    _write(load)


def _rows(load: Load) -> list[dict[str, Any]]:
    names = ("row", "name", "username", "email", "phone", "team", "manager", "role", "active")
    found = load.sql(f"SELECT {', '.join(names)} FROM {STAGE} WHERE state = 'a' ORDER BY row")
    return [dict(zip(names, row, strict=True)) for row in found]


def _preview_teams(load: Load) -> None:
    known = {fold(name) for name in Team.objects.values_list("name", flat=True)}
    people = {fold(name) for name in User.objects.values_list("name", flat=True)}
    rows = _rows(load)
    for name in {row["team"] for row in rows if row["team"]} | {row["manager"] for row in rows if row["manager"]}:
        if fold(name) not in known:
            load.notes.add("new_team", value=name)
    listed = people | {fold(row["name"]) for row in rows}
    for name in {row["manager"] for row in rows if row["manager"]}:
        if fold(name) not in listed:
            load.notes.add("new_user", value=name)


def _write(load: Load) -> None:
    rows = _rows(load)
    teams = _Teams(load)
    supervisors = {fold(row["manager"]) for row in rows if row["manager"]}
    newcomers = [
        Newcomer(
            row["name"], row["username"] or "", row["email"] or "", row["phone"] or "",
            row["role"] or ("supervisor" if fold(row["name"]) in supervisors else "account_manager"),
            teams.of(row["team"], row["manager"]), row["active"] is not False,
        )
        for row in rows
    ]  # fmt: skip
    people = add_people(newcomers)
    people += teams.appoint_supervisors(people)
    load.batch.params["teams"] = [team.pk for team in teams.made]
    load.batch.save(update_fields=["params"])
    Event.objects.bulk_create(
        Event(at=load.now, by=load.by, verb="import", subject_kind="user", subject_id=person.pk, batch=load.batch)
        for person in people
    )


class _Teams:
    """Finds or makes the teams of a file: an office, and below it one sub-team per supervisor, named for her."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.known = {(fold(team.name), team.parent_id): team for team in Team.objects.order_by("pk")}
        self.made: list[Team] = []
        self.supervised: dict[str, list[Team]] = {}

    def of(self, office: str | None, manager: str | None) -> Team | None:
        above = self._find(office, None) if office else None
        if not manager:
            return above
        team = self._find(manager, above)
        self.supervised.setdefault(manager, [])
        if team not in self.supervised[manager]:
            self.supervised[manager].append(team)
        return team

    def _find(self, name: str, parent: Team | None) -> Team:
        key = (fold(name), parent.pk if parent else None)
        team = self.known.get(key)
        if team is None and parent is None:
            team = next((each for (folded, _parent), each in self.known.items() if folded == fold(name)), None)
        if team is None:
            team = self.known[key] = Team.objects.create(name=name, parent=parent)
            self.made.append(team)
            self.load.notes.add("new_team", value=name)
        return team

    def appoint_supervisors(self, people: list[User]) -> list[User]:
        """Supervisors whom the file does not list as people are added; returns those. They belong to their team."""
        known = {fold(person.name): person for person in User.objects.order_by("-pk")}
        missing = [name for name in self.supervised if fold(name) not in known]
        added = add_people([Newcomer(name, role="supervisor", team=self.supervised[name][0]) for name in missing])
        for person in added:
            known[fold(person.name)] = person
            self.load.notes.add("new_user", value=person.name)
        for name, teams in self.supervised.items():
            for team in teams:
                if team.supervisor_id is None:
                    team.supervisor = known[fold(name)]
                    team.save(update_fields=["supervisor"])
        return added


PEOPLE = Importable(
    "user", "users", _("People"), "user", COLUMNS, load, derive, {"name_key": "text"}, has_owner=False, order=10
)  # fmt: skip
