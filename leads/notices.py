"""Tells people of leads that somebody else, or a rule, gave them; the words are rendered when they are read."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models import Lead
from messaging.notices import NoticeKind, notice_kinds, tell

KIND = "leads_assigned"


def add_notice_kind() -> None:
    notice_kinds.add(KIND, NoticeKind("user-plus", _words, _page))


def tell_owners(given: Mapping[int, list[int]], *, by: Any, batch: Any = None, key: str = "") -> None:
    """``given``: person → her new leads. Who took leads herself is not told; the portions of a batch add up."""
    told = {person: (len(leads), _only(leads)) for person, leads in given.items() if person != getattr(by, "pk", None)}
    if told:
        tell(KIND, told, key=f"{KIND}:{key or batch.pk}", batch=batch, adds=batch is not None)


def _only(leads: list[int]) -> dict[str, int]:
    return {"lead": leads[0]} if len(leads) == 1 else {}


def _words(notice: Any) -> str:
    name = _name(notice)
    if name:
        return _("The lead “%(name)s” was assigned to you.") % {"name": name}
    text = ngettext("%(n)s lead was assigned to you.", "%(n)s leads were assigned to you.", notice.count)
    return text % {"n": notice.count}


def _name(notice: Any) -> str:
    """Of the only lead that the notice tells of, while she still owns it."""
    if notice.count > 1:
        return ""
    own = Lead.objects.live().filter(pk=notice.facts.get("lead"), owner=notice.user_id)
    return own.values_list("name", flat=True).first() or ""


def _page(notice: Any) -> str:
    return reverse("leads:detail", args=[notice.facts["lead"]]) if _name(notice) else reverse("leads:list")
