"""What hangs on a record of any kind by kind and number: files, tags, collaborators, former numbers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.merge.kinds import Listed
from records.merge.links import Link, add_links, not_moved
from records.models import Tagging

TAGS = "tags"


def add_shared_links(kind: str) -> None:
    here, there = f"t.subject_kind = '{kind}'", f"k.subject_kind = '{kind}'"
    because = "(k.because_kind, k.because_id) IS NOT DISTINCT FROM (t.because_kind, t.because_id)"
    add_links(
        Link(kind, "records.Attachment", "subject_id", _("files"), when=here),
        Link(kind, "records.Tagging", "subject_id", when=here, same=f"{there} AND k.tag_id = t.tag_id", choice=TAGS),
        Link(
            kind, "records.Collaborator", "subject_id", _("collaborators"), when=here,
            same=f"{there} AND k.user_id = t.user_id AND {because}",
        ),
        Link(kind, "records.Alias", "target_id", when=f"t.target_kind = '{kind}'"),
    )  # fmt: skip


def tags_of(record: Any) -> dict[int, str]:
    rows = Tagging.objects.filter(subject_kind=record.kind, subject_id=record.pk).order_by("tag__name", "tag_id")
    return dict(rows.values_list("tag_id", "tag__name"))


TAG_LIST = Listed(TAGS, _("Tags"), tags_of)

for place, why in {
    "records.Event.subject_id": "the log stays as it was written; timelines read the former numbers",
    "records.Event.customer_id": "the log stays as it was written; timelines read the former numbers",
    "records.Alias.old_id": "a former number stays one",
    "records.Collaborator.because_id": "names an open record that is never merged",
    "records.LikelyPair.low_id": "a pair is settled by the merge itself",
    "records.LikelyPair.high_id": "a pair is settled by the merge itself",
}.items():
    not_moved.add(place, why)
