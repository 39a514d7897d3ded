"""Tags on records of any kind."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.log import log_event
from records.models import Tag, Tagging
from records.refusals import Refused


def tags_of(record: Any) -> list[Tag]:
    rows = Tagging.objects.filter(subject_kind=record.kind, subject_id=record.pk)
    return list(Tag.objects.filter(pk__in=rows.values("tag_id")).order_by("name", "id"))


@transaction.atomic
def add_tags(record: Any, names: Iterable[str], *, by: Any, batch: Any = None) -> list[Tag]:
    """Adds tags by name, making those that do not exist; returns those that the record did not have."""
    wanted = {name.casefold(): name for name in (" ".join(raw.split())[:60] for raw in names) if name}
    if not wanted:
        raise Refused(_("Say which tag."), reason="required")
    added = []
    for name in wanted.values():
        tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.get_or_create(name=name)[0]
        _row, is_new = Tagging.objects.get_or_create(tag=tag, subject_kind=record.kind, subject_id=record.pk)
        if is_new:
            added.append(tag)
    if added:
        log_event("tag", record, by=by, facts={"tags": [tag.pk for tag in added]}, batch=batch)
    return added


@transaction.atomic
def remove_tag(record: Any, tag_id: int, *, by: Any, batch: Any = None) -> None:
    gone, _rows = Tagging.objects.filter(tag_id=tag_id, subject_kind=record.kind, subject_id=record.pk).delete()
    if gone:
        log_event("untag", record, by=by, facts={"tags": [tag_id]}, batch=batch)
