"""Notices around a handover: each heir once, the administrators when they are asked to deactivate the leaver, and those
who may hand over when somebody leaves who still holds something."""

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from accounts.leaving import leavings
from accounts.models import User
from crm.shell import url_or_nothing
from messaging.notices import NoticeKind, notice_kinds, take_back, tell
from records.handover.kinds import Listener, listeners
from records.handover.preview import holdings
from records.handover.run import ASK, ELSEWHERE
from records.handover.who import who_may
from records.kinds import kinds
from records.models import Batch

HANDED, ASKED, LEFT = "handed_over", "deactivate_asked", "left_behind"


def add_handover_notices() -> None:
    notice_kinds.add(HANDED, NoticeKind("transfer", _handed, _list_page))
    notice_kinds.add(ASKED, NoticeKind("user-x", _asked, _person_page))
    notice_kinds.add(LEFT, NoticeKind("transfer", _left, _screen))
    listeners.add("notices", Listener(tell_heirs, take_back))
    leavings.add("notices", tell_who_may)


def tell_heirs(batch: Batch) -> None:
    leaver = batch.params["leaver"]
    key, by = f"{HANDED}:{batch.pk}", batch.by_id
    told = {
        heir: (sum(counts.values()), {"from": leaver, "kinds": counts})
        for heir, counts in _per_heir(batch.params["told"]).items()
        if heir != by
    }
    if told:
        tell(HANDED, told, key=key, batch=batch)
    if batch.params["deactivates"] == ASK and batch.state == Batch.State.DONE:
        people = access.holders("system", "administer").exclude(pk=by).values_list("pk", flat=True)
        tell(ASKED, {pk: (1, {"person": leaver, "by": by}) for pk in people}, key=f"{ASKED}:{batch.pk}", batch=batch)


def _per_heir(told: Mapping[str, Mapping[str, int]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for kind, counts in told.items():
        for heir, count in counts.items():
            if heir != ELSEWHERE and count:
                found.setdefault(int(heir), {})[kind] = count
    return found


def tell_who_may(person: User, by: Any) -> None:
    """She was deactivated: what she holds would lie there unseen."""
    for one in who_may(person):
        held = sum(count for _label, count in holdings(person, one))
        if held and one.pk != getattr(by, "pk", None):
            tell(LEFT, {one.pk: (held, {"person": person.pk})}, key=f"{LEFT}:{person.pk}:{person.version}")


# --- words ---


def _handed(notice: Any) -> str:
    text = ngettext(
        "From %(name)s to you: %(n)s record was handed over.", "From %(name)s to you: %(n)s records were handed over.",
        notice.count,
    )  # fmt: skip
    return text % {"name": _name(notice.facts["from"]), "n": notice.count}


def _asked(notice: Any) -> str:
    facts = {"by": _name(notice.facts["by"]), "name": _name(notice.facts["person"])}
    return _("%(by)s has handed over what %(name)s held and asks you to deactivate %(name)s.") % facts


def _left(notice: Any) -> str:
    text = ngettext(
        "%(name)s has left and still holds %(n)s record: hand it over.",
        "%(name)s has left and still holds %(n)s records: hand them over.",
        notice.count,
    )
    return text % {"name": _name(notice.facts["person"]), "n": notice.count}


def _name(pk: int) -> str:
    return User.objects.filter(pk=pk).values_list("name", flat=True).first() or "–"


def _list_page(notice: Any) -> str:
    """The list of the first kind that has one."""
    found = (kinds.get(code) for code in notice.facts["kinds"])
    return next((url_or_nothing(kind.list) for kind in found if kind and kind.list), "")


def _person_page(notice: Any) -> str:
    try:
        return reverse("admin:accounts_user_change", args=[notice.facts["person"]])
    except NoReverseMatch:
        return ""


def _screen(notice: Any) -> str:
    return reverse("records:handover", args=[notice.facts["person"]])
