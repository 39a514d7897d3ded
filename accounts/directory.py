"""Who works here: people are entered, changed and deactivated. Roles are given in the administration only, where the
password is shown once more (accounts.admin).

A rule that says no is a ValidationError with a code and without a field; a value that cannot be, one with its field.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pghistory
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.leaving import leave
from accounts.models import User
from accounts.newcomers import free_username


@transaction.atomic
def enter_person(values: Mapping[str, Any], *, by: Any) -> User:
    """Without a role and without a password: she is invited, and given a role. A missing user name is made."""
    person = User(password=make_password(None), **values)
    if not person.username:
        taken = set(map(str.lower, User.objects.values_list("username", flat=True)))
        person.username = free_username(person.name, taken)
    person.full_clean(exclude=("password",))
    _write(person, by=by)
    return person


@transaction.atomic
def change_person(
    person: User, values: Mapping[str, Any], *, by: Any, check: Callable[[User], None] | None = None
) -> None:
    """Only what differs is written. ``check`` judges the person as she is now, read anew under the lock."""
    if values.get("is_active") is False:
        refuse_last_administrator(person)
    person.lock()
    if check:
        check(person)
    changed = {name: value for name, value in values.items() if getattr(person, name) != value}
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        # What is not touched is not judged: it may have come from a file.
        person.full_clean(exclude=[field.name for field in User._meta.fields if field.name not in changed])
        _write(person, by=by, update_fields=list(changed))
    if changed.get("is_active") is False:
        leave(person, by=by)


def deactivate(person: User, *, by: Any) -> None:
    """She signs in no more, nor do her tokens; what she did keeps her name. Twice is once."""
    change_person(person, {"is_active": False}, by=by)


def refuse_last_administrator(person: User) -> None:
    """Raises ValidationError when nobody else could administer. Of two who leave at once the second is refused."""
    if is_last_administrator(person, lock=True):
        raise ValidationError(
            _("This is the last administrator: nobody could administer the system."), code="last_administrator"
        )


def is_last_administrator(person: User, *, lock: bool = False) -> bool:
    administrators = access.holders("system", "administer").order_by("pk")
    if lock:
        administrators = administrators.select_for_update(of=("self",))
    held = [administrator.pk for administrator in administrators]
    return held == [person.pk]


def _write(person: User, *, by: Any, **how: Any) -> None:
    with pghistory.context(user=getattr(by, "pk", None)):
        person.save(**how)
