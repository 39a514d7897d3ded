"""The batches that a person may see, and what their pages tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach
from crm.register import Register
from records.kinds import kinds
from records.models import Batch

SHOWN_LEFT = 200


@dataclass(frozen=True)
class BatchReport:
    """What a room tells of its batches on their page: ``tell(batch, user, query)`` is ``report`` in ``template``."""

    template: str
    tell: Callable[[Batch, Any, Any], Any]


# verb of the batch → its report
reports: Register[BatchReport] = Register("report of a batch")

VERBS = {
    "import": _("added"),
    "create": _("added"),
    "change": _("changed"),
    "assign": _("assigned"),
    "handover": _("handed over"),
    "recycle": _("moved into a pool"),
    "delete": _("deleted"),
    "merge": _("took the other one in"),
    "merge_away": _("was merged into the other one"),
    "undo": _("taken back"),
    "dismiss": _("dismissed"),
}


def batches_of(user: Any) -> QuerySet[Batch]:
    """A person's own; all of them for who keeps the order of batches."""
    rows = Batch.objects.select_related("by", "undone_by", "file_import")
    return rows if access.reach_of(user, "batch", "view") == Reach.ALL else rows.filter(by=user)


def rows_by_verb(batch: Batch) -> list[tuple[Any, str, int]]:
    """(kind in words, verb, how many) of its events."""
    told = batch.events.order_by().values_list("subject_kind", "verb").annotate(n=Count("pk")).order_by("subject_kind")
    return [(kinds[kind].plural if kind in kinds else kind, VERBS.get(verb, verb), n) for kind, verb, n in told]


def left_rows(left: list[dict[str, Any]], *, user: Any) -> list[dict[str, Any]]:
    """What an undo left; name and link of what the reader reaches."""
    return [{**row, **_named(row, user)} for row in left[:SHOWN_LEFT]]


def _named(row: dict[str, Any], user: Any) -> dict[str, Any]:
    kind = kinds.get(row["kind"])
    record = kind.model.objects.visible_to(user).filter(pk=row["id"]).first() if kind else None  # type: ignore[attr-defined]
    if kind is None or record is None:
        return {"record": None, "url": ""}
    try:
        return {"record": record, "url": kind.url_of(record)}
    except NoReverseMatch:  # a kind without a page of its own
        return {"record": record, "url": ""}
