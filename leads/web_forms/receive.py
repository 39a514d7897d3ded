"""Stores what a visitor sent. The same steps for everybody, known or not: who she is, is asked later (``take``)."""

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Company
from leads.models import ConsentText, SpamDay, Submission, WebForm

# The same content from one form within this time is one click too many.
AGAIN = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class Sent:
    """``once``: of the page that was rendered, "" when the form stands on a page of somebody else's."""

    answers: list[dict[str, Any]]
    language: str = ""
    consent: ConsentText | None = None
    page: str = ""
    origin: dict[str, str] = field(default_factory=dict)
    address_key: str = ""
    once: str = ""

    @property
    def content_key(self) -> str:
        said = [[answer["name"], answer["value"]] for answer in self.answers]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def receive(form: WebForm, sent: Sent, *, now: datetime.datetime | None = None) -> Submission:
    """The new submission, or the one that the first click made. Two at once: the second waits for the first."""
    now = now or timezone.now()
    lock_words(f"web-form {form.pk} {sent.content_key}")
    same = Submission.objects.filter(form=form, content_key=sent.content_key).order_by("-pk")
    made = same.filter(at__gt=now - AGAIN).first()
    if made is None and sent.once:
        made = same.filter(once=sent.once).first()
    if made is not None:
        return made
    row = Submission.objects.create(
        form=form, at=now, answers=sent.answers, language=sent.language, consent=sent.consent, page=sent.page,
        origin=sent.origin, address_key=sent.address_key, once=sent.once, content_key=sent.content_key,
    )  # fmt: skip
    _take_after_commit(row)
    return row


def count_spam(form: WebForm, *, now: datetime.datetime | None = None) -> None:
    day = (now or timezone.now()).astimezone(Company.get().zone).date()
    SpamDay.objects.bulk_create([SpamDay(form=form, day=day)], ignore_conflicts=True)
    SpamDay.objects.filter(form=form, day=day).update(refused=F("refused") + 1)


def lock_words(what: str) -> None:
    """Until the transaction ends nobody else passes here with the same words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def _take_after_commit(row: Submission) -> None:
    """Lost messages do no harm: the job finds what still waits."""
    from leads.tasks import take_submission

    take_submission.delay_on_commit(row.pk)
