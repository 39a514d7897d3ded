"""Files on records: stored once whole, served only through the record, never by their path."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from records.log import log_event
from records.models import Attachment

LARGEST = 25 * 1024 * 1024
# What a browser would run when somebody opens it, and what a mail filter throws away.
REFUSED_ENDINGS = frozenset(
    "exe com bat cmd msi scr ps1 vbs vbe js jse wsf wsh hta jar dll lnk reg html htm xhtml svg shtml php".split()
)
# Shown in the browser; everything else is saved.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})


def files_of(record: Any) -> QuerySet[Attachment]:
    """The files of one record, newest first. The caller has checked that the person reaches it."""
    rows = Attachment.objects.filter(subject_kind=record.kind, subject_id=record.pk)
    return rows.select_related("added_by").order_by("-pk")


def check_upload(upload: UploadedFile) -> None:
    """Raises ValidationError for a file that is empty, too large or of a kind that is not taken."""
    ending = PurePath(upload.name or "").suffix.lstrip(".").casefold()
    if ending in REFUSED_ENDINGS:
        raise ValidationError(_("Files of the kind .%(ending)s are not taken."), params={"ending": ending}, code="kind")
    if not upload.size:
        raise ValidationError(_("This file is empty."), code="empty")
    if upload.size > LARGEST:
        raise ValidationError(
            _("This file is larger than %(size)s."), params={"size": filesizeformat(LARGEST)}, code="size"
        )


@transaction.atomic
def attach(record: Any, upload: UploadedFile, *, by: Any) -> Attachment:
    """Hangs a file on a record. Raises ValidationError as check_upload does."""
    check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    name = PurePath((upload.name or "").replace("\\", "/")).name[:255]
    row = Attachment(
        subject_kind=record.kind, subject_id=record.pk, customer_id=record.customer_of_event, name=name,
        size=upload.size, content_type=(upload.content_type or "")[:120], sha256=digest.hexdigest(), added_by=by,
    )  # fmt: skip
    row.file.save(f"{digest.hexdigest()[:16]}{PurePath(name).suffix[:12].lower()}", upload, save=False)
    row.save()
    log_event("attach", record, by=by, facts={"file": row.pk, "size": row.size})
    return row


@transaction.atomic
def detach(row: Attachment, record: Any, *, by: Any) -> None:
    log_event("detach", record, by=by, facts={"file": row.pk})
    stored = row.file
    row.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))


def response(row: Attachment) -> FileResponse:
    """The file for somebody who may read its record."""
    is_shown = row.content_type in SHOWN_INLINE
    kind = row.content_type if is_shown else "application/octet-stream"
    answer = FileResponse(
        row.file.storage.open(row.file.name, "rb"), as_attachment=not is_shown, filename=row.name, content_type=kind
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=0, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
