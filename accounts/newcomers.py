"""People and teams that come into being many at once: from a file, from the seed.

Nobody can sign in before being invited: the password is unusable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from accounts.held import protecting
from accounts.models import Role, Team, User, UserRole

# What somebody may give who is no administrator: the everyday roles of a sales team.
EVERYDAY = frozenset({"account_manager", "supervisor"})
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)


@dataclass
class Newcomer:
    name: str
    username: str = ""
    email: str = ""
    phone: str = ""
    role: str = "account_manager"
    team: Team | None = None
    is_active: bool = True


@transaction.atomic
def add_people(newcomers: Sequence[Newcomer]) -> list[User]:
    """Adds users with one role each; a missing user name is made from the name and is free."""
    taken = set(map(str.lower, User.objects.values_list("username", flat=True)))
    people = [
        User(
            name=each.name, username=free_username(each.username or each.name, taken), email=each.email,
            phone=each.phone, team=each.team, is_active=each.is_active, password=make_password(None),
        )
        for each in newcomers
    ]  # fmt: skip
    User.objects.bulk_create(people)
    roles = {role.code: role for role in Role.objects.filter(code__in={each.role for each in newcomers})}
    UserRole.objects.bulk_create(
        UserRole(user=person, role=roles[each.role]) for person, each in zip(people, newcomers, strict=True)
    )
    return people


def free_username(wish: str, taken: set[str]) -> str:
    """``"Anna Snelling"`` → ``"anna.snelling"``, with a number when somebody has it; is taken from then on."""
    latin = "".join(_CYRILLIC.get(character, character) for character in wish.lower())
    keep = wish.lower() if all(c.isalnum() or c in "@.+-_" for c in wish) and wish.isascii() else ""
    base = (keep or slugify(" ".join(lazy_pinyin(latin))).replace("-", ".") or "person")[:70]
    name = next(name for name in (base, *(f"{base}{number}" for number in range(2, 100_000))) if name not in taken)
    taken.add(name)
    return name


def role_codes() -> list[tuple[str, str]]:
    """(code, name) of all roles."""
    return [(role.code, str(role)) for role in Role.objects.order_by("code")]


def may_be_forgotten(user_ids: Iterable[int]) -> list[int]:
    """Who of these never signed in and is named by no row that protects people: nothing would be lost."""
    fresh = list(User.objects.filter(pk__in=user_ids, last_login__isnull=True).values_list("pk", flat=True))
    held: set[int] = set()
    for field in protecting(User):
        if field.model is not Team:
            rows = field.model._base_manager.filter(**{f"{field.name}__in": fresh})
            held.update(rows.order_by().values_list(field.attname, flat=True).distinct())
    return [pk for pk in fresh if pk not in held]


def forget_newcomers(user_ids: Iterable[int]) -> None:
    """Takes back people who never signed in."""
    UserRole.objects.filter(user_id__in=user_ids).delete()
    User.objects.filter(pk__in=user_ids, last_login__isnull=True).delete()
