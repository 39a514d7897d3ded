"""Tells people of records that somebody else, or a rule, gave them; the words are rendered when they are read."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.notices import NoticeKind, notice_kinds, tell
from records.kinds import kinds

KIND = "given"


def tell_given(kind: str, given: Mapping[int, list[int]], *, by: Any, batch: Any = None, key: str = "") -> None:
    """``given``: person → ids of her new records. Who took them herself is not told; portions of a batch add up.

    ``key`` tells one occasion from another where there is no batch.
    """
    told = {
        person: (len(ids), {"kind": kind, "record": ids[0]})
        for person, ids in given.items()
        if ids and person != getattr(by, "pk", None)
    }
    if told:
        tell(KIND, told, key=f"{KIND}:{kind}:{batch.pk if batch else key}", batch=batch, adds=batch is not None)


def add_notice_kind() -> None:
    notice_kinds.add(KIND, NoticeKind("user-plus", _words, _page))


def _words(notice: Any) -> str:
    kind = kinds[notice.facts["kind"]]
    record = _only_record(notice)
    if record is None:
        return _("Assigned to you: %(kind)s (%(count)s)") % {"kind": kind.plural, "count": notice.count}
    return _("Assigned to you: %(kind)s “%(name)s”") % {"kind": kind.label, "name": record}


def _page(notice: Any) -> str:
    kind, record = kinds[notice.facts["kind"]], _only_record(notice)
    if record is not None:
        return kind.url_of(record)
    return reverse(kind.list) if kind.list else ""


def _only_record(notice: Any) -> Any:
    """The one that the notice tells of, while it is within the reader's reach."""
    if notice.count > 1:
        return None
    rows = kinds[notice.facts["kind"]].model.objects.visible_to(notice.user)  # type: ignore[attr-defined]
    return rows.filter(pk=notice.facts["record"]).first()
