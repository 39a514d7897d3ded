"""After 30 days in the trash a record goes for good, with every value that its history kept."""

import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from records.jobs import JobOutcome
from records.kinds import Kind, kinds
from records.models import Alias, Attachment, Change, Collaborator, IdempotencyKey, Tagging
from records.models.alias import was_merged

KEPT = datetime.timedelta(days=30)
PORTION = 500


def purge_trash(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Deletes what was put into the trash more than 30 days ago, in portions. Record after: may be run again.

    A record on which money or a contract hangs stays: the database refuses, and the next run asks again.
    """
    outcome = JobOutcome()
    for kind in reversed(list(kinds)):
        if not _is_record(kind):
            continue
        count = _due(kind, now).count() if dry_run else _purge_kind(kind, now)
        if count:
            outcome.moved += count
            outcome.lines.append(_("%(count)d × %(kind)s") % {"count": count, "kind": kind.label})
    if not dry_run:
        IdempotencyKey.objects.filter(at__lt=now - datetime.timedelta(days=1)).delete()
    return outcome


def _is_record(kind: Kind) -> bool:
    return any(field.name == "deleted_at" for field in kind.model._meta.concrete_fields)


def _due(kind: Kind, now: datetime.datetime) -> models.QuerySet:
    """What was merged stays as long as the record into which it was merged, so that the merge can be taken back."""
    rows = kind.model._base_manager.filter(~was_merged(kind.code), deleted_at__lt=now - KEPT)
    return rows.order_by("pk")


def _purge_kind(kind: Kind, now: datetime.datetime) -> int:
    purged, last = 0, 0
    while portion := list(_due(kind, now).filter(pk__gt=last)[:PORTION]):
        last = portion[-1].pk
        purged += sum(_purge_one(kind, record) for record in portion)
    return purged


def _purge_one(kind: Kind, record: Any) -> bool:
    try:
        with transaction.atomic():
            _forget(kind.code, record.pk)
            record.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def _forget(code: str, pk: int) -> None:
    """What hung on the record without a foreign key. Its events stay: they hold no personal data."""
    here = {"subject_kind": code, "subject_id": pk}
    for attachment in Attachment.objects.filter(**here):
        transaction.on_commit(partial(attachment.file.delete, save=False))
        attachment.delete()
    Alias.objects.filter(kind=code, target_kind=code, target_id=pk).delete()
    Tagging.objects.filter(**here).delete()
    Collaborator.objects.filter(**here).delete()
    Change.objects.filter(event__subject_kind=code, event__subject_id=pk).delete()
