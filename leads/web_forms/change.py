"""Web forms: what is done with them, each with an event that names who."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from leads.models import ConsentText, WebForm, WebFormField
from leads.models.web_form import new_key
from leads.web_forms.authors import covers
from records.log import log_event, plain
from records.models import Event
from records.refusals import Refused, StaleVersion

FIELD = ("name", "is_required", "label", "help")


def require_for(user: Any, team: Any) -> None:
    """A form for the whole company needs the right for all; one of a team, reach over that team."""
    if not covers(user, team and team.pk):
        raise PermissionDenied(_("You may not make forms for this team."))


@transaction.atomic
def create_form(values: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], *, by: Any) -> WebForm:
    """Switched off until somebody has looked at it. ``fields``: dicts with FIELD, in the order of the form."""
    form = WebForm.objects.create(**values, author=by, created_by=by)
    form.refresh_from_db(fields=["version"])
    log_event("create", form, by=by)
    _set_fields(form, fields)
    _keep_consent(form)
    return form


@transaction.atomic
def change_form(
    form: WebForm, values: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], *, by: Any,
    version: int | None = None,
) -> None:  # fmt: skip
    """``version``: the one that the person opened; StaleVersion when a colleague was faster, and nothing is saved."""
    form = WebForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if version is not None and form.version != version:
        raise StaleVersion(form.version)
    changes = {name: (getattr(form, name), value) for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if plain(pair[0]) != plain(pair[1])}
    for name, (_before, after) in changes.items():
        setattr(form, name, after)
    if changes:
        form.save(update_fields=list(changes))
    asked = _set_fields(form, fields)
    if asked and not changes:  # the questions are part of the form: who opened it before sees another one now
        WebForm.objects.filter(pk=form.pk).update(version=F("version") + 1)
    if changes or asked:
        facts = {"fields": sorted([*changes, *(["fields"] if asked else [])])}
        log_event("change", form, by=by, facts=facts, changes=changes)
    _keep_consent(form)


def _set_fields(form: WebForm, fields: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the questions are others than before."""
    before = list(form.fields.order_by("place", "pk").values(*FIELD))
    after = [{name: field[name] for name in FIELD} for field in fields]
    if before == after:
        return False
    form.fields.all().delete()
    WebFormField.objects.bulk_create(WebFormField(form=form, place=place, **row) for place, row in enumerate(after))
    return True


def _keep_consent(form: WebForm) -> None:
    """Another text is another version; texts that were shown stay as they were."""
    latest = form.consents.order_by("version").last()
    if form.consent and (latest is None or latest.text != form.consent):
        ConsentText.objects.create(form=form, version=(latest.version if latest else 0) + 1, text=form.consent)


@transaction.atomic
def switch_form(form: WebForm, on: bool, *, by: Any) -> bool:
    """Whether it was not so before."""
    moved = WebForm.objects.filter(pk=form.pk).exclude(is_active=on).update(is_active=on)
    if moved:
        log_event("switch_on" if on else "switch_off", form, by=by)
    form.is_active = on
    return bool(moved)


@transaction.atomic
def renew_key(form: WebForm, *, by: Any) -> str:
    """The address changes; whatever still leads to the old one finds nothing."""
    form.lock()
    form.key = new_key()
    form.save(update_fields=["key"])
    log_event("renew_key", form, by=by)
    return form.key


@transaction.atomic
def take_over(form: WebForm, *, by: Any) -> bool:
    """From now on the form acts as ``by``; whether it did not before."""
    form.lock()
    if form.author_id == by.pk:
        return False
    facts = {"from": form.author_id, "to": by.pk}
    form.author = by
    form.save(update_fields=["author"])
    log_event("take_over", form, by=by, facts=facts)
    return True


@transaction.atomic
def delete_form(form: WebForm, *, by: Any) -> None:
    """Only one that nobody has used: what came in by it is evidence."""
    form.lock()
    if form.submissions.exists():
        raise Refused(
            _("Leads came in by this form, and what was agreed to stays with them. Switch it off instead."),
            reason="used",
        )
    log_event("delete", form, by=by)
    WebForm.objects.filter(pk=form.pk).delete()


def changed_last_by(form: WebForm) -> Any:
    """None: the system."""
    last = (
        Event.objects.filter(subject_kind=WebForm.kind, subject_id=form.pk).select_related("by").order_by("pk").last()
    )
    return last and last.by
