"""Makes leads of what web forms received, or joins it to an open lead of the same person.

One function for the job and for a single submission after its commit. Each is taken in a transaction of its own: twice
does nothing the second time, and after a kill the next run goes on. A form whose author may no more keeps what came in
until somebody takes it over.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Company
from leads.create import create_lead
from leads.keys import keys_of
from leads.models import Lead, LeadConsent, Submission, WebForm
from leads.web_forms.authors import may_act, tell_of_stopped, with_one_author_each
from leads.web_forms.receive import lock_words
from messaging.notices import NoticeKind, notice_kinds, tell
from records.jobs import JobOutcome
from records.log import log_event
from records.models import DictionaryEntry

JOB = "leads.web_forms"
KIND = "web_form_repeat"
PORTION = 1_000
_ENTRIES = ("region", "industry")


def run(*, now: datetime, dry_run: bool, force: bool) -> JobOutcome:
    """The job: what was left waiting, and forms that stopped because their author may no more."""
    forms = WebForm.objects.filter(submissions__outcome=Submission.Outcome.WAITING).with_names().distinct()
    rows = Submission.objects.waiting().filter(form__in=[form for form in with_one_author_each(forms) if may_act(form)])
    waiting = list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])
    if dry_run:
        return JobOutcome(lines=_lines(len(waiting)), moved=len(waiting))
    taken = take_in(waiting)
    tell_of_stopped()
    return JobOutcome(lines=_lines(taken), moved=taken)


def take_in(ids: Sequence[int]) -> int:
    """How many of these submissions became leads or joined one now."""
    taken, failure = 0, None
    for pk in ids:
        try:
            taken += _take(pk)
        except Exception as error:  # the others do not wait for it; the run ends as failed
            failure = failure or error
    if failure:
        raise failure
    return taken


def _lines(count: int) -> list[str]:
    return [_("Submissions taken in: %(count)s") % {"count": count}] if count else []


@transaction.atomic
def _take(pk: int) -> bool:
    rows = Submission.objects.waiting().select_related("form__author", "form__team", "form__source", "consent")
    row = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if row is None or not may_act(row.form):
        return False
    values = _values(row)
    lead = _open_lead(row, values)
    row.outcome = Submission.Outcome.REPEAT if lead else Submission.Outcome.LEAD
    row.lead = lead or _create(row, values)
    row.save(update_fields=["outcome", "lead"])
    if row.consent:
        LeadConsent.objects.create(lead=row.lead, text=row.consent, submission=row, at=row.at)
    if lead is not None:
        _join(row, lead)
    return True


def _values(row: Submission) -> dict[str, Any]:
    """As the lead takes them."""
    form, said = row.form, {answer["name"]: answer["value"] for answer in row.answers}
    for name in _ENTRIES:
        if name in said:
            said[name] = DictionaryEntry.objects.filter(list=name, pk=said[name]).first()
    if "estimated_value" in said:
        said["estimated_value"] = Decimal(said["estimated_value"])
    campaign = form.campaign or row.origin.get("utm_campaign") or row.origin.get("campaign", "")
    language = row.language.split("-")[0]
    return {**said, "source": form.source, "campaign": campaign[:120], "language": language}


def _create(row: Submission, values: dict[str, Any]) -> Lead:
    """What became nonsense since it was sent (another country of the company reads other phones) is left out; the
    submission keeps it.
    """
    form, how = row.form, {"by": row.form.author, "team": row.form.team, "facts": {"web_form": row.form_id}}
    try:
        return create_lead(values, now=row.at, **how)
    except ValidationError as error:
        kept = {name: value for name, value in values.items() if name not in error.message_dict}
        return create_lead({"name": form.title, **kept}, now=row.at, **how)


def _open_lead(row: Submission, values: dict[str, Any]) -> Lead | None:
    """The open lead to which this belongs, locked: of the same opened page, or of the same e-mail and phone."""
    lead = _lead_of_page(row) or _lead_of_person(values)
    if lead is None:
        return None
    lead.lock()
    return lead if lead.is_open and not lead.is_deleted else None


def _lead_of_page(row: Submission) -> Lead | None:
    """Who goes back, corrects a word and sends again means the same."""
    if not row.once:
        return None
    lock_words(f"web-form {row.form_id} {row.once}")
    earlier = Submission.objects.filter(form=row.form_id, once=row.once, lead__isnull=False)
    found = earlier.select_related("lead").order_by("-pk").first()
    return found.lead if found else None


def _lead_of_person(values: dict[str, Any]) -> Lead | None:
    keys = keys_of(values, country=Company.get().country)
    phones = sorted({keys["phone_key"], keys["mobile_key"]} - {""})
    if not keys["email_key"] or not phones:
        return None
    lock_words(f"web-form person {keys['email_key']} {' '.join(phones)}")
    rows = Lead.objects.live().open().filter(email_key=keys["email_key"])
    return rows.filter(Q(phone_key__in=phones) | Q(mobile_key__in=phones)).order_by("-pk").first()


def _join(row: Submission, lead: Lead) -> None:
    log_event("submit", lead, by=row.form.author, facts={"web_form": row.form_id})
    if lead.owner_id:
        facts = {"lead": lead.pk, "form": row.form.name}
        tell(KIND, {lead.owner_id: (1, facts)}, key=f"{KIND}:{row.pk}")


def add_notice_kind() -> None:
    notice_kinds.add(KIND, NoticeKind("template", _words, _page))


def _words(notice: Any) -> str:
    lead = _lead(notice)
    name = lead.title if lead else _("A lead")
    return _("%(name)s wrote again by the web form “%(form)s”") % {"name": name, "form": notice.facts["form"]}


def _page(notice: Any) -> str:
    lead = _lead(notice)
    return reverse("leads:detail", args=[lead.pk]) if lead else ""


def _lead(notice: Any) -> Lead | None:
    return Lead.objects.visible_to(notice.user).filter(pk=notice.facts["lead"]).first()


def form_names(ids: set[int]) -> dict[int, str]:
    """For timelines."""
    return dict(WebForm.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
