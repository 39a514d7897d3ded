"""The forms that act as a leaver act as her heirs from then on, so that visitors do not stand before closed ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.models import WebForm
from records.handover.kinds import VERB, Giving, HandoverKind, handovers
from records.models import Batch, Event
from records.undo import UndoResult, who_changed_last

RIGHT = ("web_form", "change")


def add_handover() -> None:
    kind = HandoverKind("web_form", _("web forms"), _forms, _give, _undo, RIGHT, RIGHT, 95, stays=_foreign)
    handovers.add("web_form", kind)


def _forms(leaver: Any, by: Any) -> QuerySet:
    return WebForm.objects.for_user(by).filter(author=leaver)


def _foreign(leaver: Any, by: Any) -> Iterable[str]:
    mine = WebForm.objects.for_user(by).order_by().values("pk")
    if rest := WebForm.objects.filter(author=leaver).exclude(pk__in=mine).count():
        yield ngettext(
            "%(n)d stays: you do not govern that form.", "%(n)d stay: you do not govern those forms.", rest
        ) % {"n": rest}


def _give(shares: Mapping[int, Any], how: Giving) -> list[int]:
    forms = list(_locked(shares).filter(author=how.leaver))
    authors = {form.pk: shares[form.pk].pk for form in forms}
    _write(forms, authors, VERB, by=how.by, batch=how.batch)
    return sorted(authors)


@transaction.atomic
def _undo(batch: Batch, *, by: Any, dry_run: bool) -> UndoResult:
    """Back to the leaver, where nobody took the form over since."""
    events = batch.events.filter(subject_kind=WebForm.kind)
    done = set(events.filter(verb="undo").values_list("subject_id", flat=True))
    given = {event.subject_id: event.facts for event in events.filter(verb=VERB) if event.subject_id not in done}
    forms = [form for form in _locked(given) if form.author_id == given[form.pk]["to"]]
    left = sorted(set(given) - {form.pk for form in forms})
    result = UndoResult(len(forms), who_changed_last(WebForm.kind, left, since=batch))
    if forms and not dry_run:
        _write(forms, {form.pk: given[form.pk]["from"] for form in forms}, "undo", by=by, batch=batch)
    return result


def _locked(ids: Iterable[int]) -> QuerySet:
    return WebForm.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",))


def _write(forms: list[WebForm], authors: Mapping[int, int], verb: str, *, by: Any, batch: Batch) -> None:
    told, at = [], timezone.now()
    for form in forms:  # a handful: a person makes few forms
        facts = {"from": form.author_id, "to": authors[form.pk]}
        form.author_id = authors[form.pk]
        told.append(
            Event(at=at, by=by, verb=verb, subject_kind=WebForm.kind, subject_id=form.pk, batch=batch, facts=facts)
        )
    WebForm.objects.bulk_update(forms, ["author"])
    Event.objects.bulk_create(told)
