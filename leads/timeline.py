"""The timeline of a lead: its contact log, and what happened to the record, newest first."""

from django.utils.translation import gettext as _

from crm.formats import current_formats
from customers.phrases import Teller
from customers.timeline import ICONS, Entry
from leads.models import AssignmentRule, Lead, LeadActivity
from leads.web_forms.take import form_names
from leads.why import notes_of
from records.models import Alias, Event

SHOWN = 50
MOST = 1_000


def timeline_of(lead: Lead, *, everything: bool = False) -> tuple[list[Entry], bool]:
    """The newest entries, and whether there are older ones."""
    limit = MOST if everything else SHOWN
    log = list(lead.activities.select_related("done_by", "outcome").order_by("-at", "-pk")[: limit + 1])
    merged = Alias.objects.filter(kind="lead", target_kind="lead", target_id=lead.pk).values_list("old_id", flat=True)
    events = Event.objects.filter(subject_kind="lead", subject_id__in=[lead.pk, *merged]).exclude(verb="log")
    told = list(events.select_related("by").order_by("-pk")[: limit + 1])
    entries = [_of_activity(row) for row in log] + _of_events(told)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[:limit], len(entries) > limit


def _of_activity(row: LeadActivity) -> Entry:
    notes = [str(row.outcome)] if row.outcome else []
    if row.next_contact_at:
        notes.append(_("next contact %(when)s") % {"when": current_formats().moment(row.next_contact_at)})
    title = str(row.get_type_display()).capitalize()
    if row.direction == "in":
        title = f"{title} ({row.get_direction_display()})"
    return Entry(row.at, ICONS[row.type], title, str(row.done_by or ""), "accent", row.content, notes=notes)


def _of_events(events: list[Event]) -> list[Entry]:
    teller = Teller(events)
    ids = {event.facts.get("rule") for event in events} - {None}
    rules = dict(AssignmentRule.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    forms = form_names({event.facts.get("web_form") for event in events} - {None})
    entries = []
    for event in events:
        phrase, text = teller.tell(event)
        notes = notes_of(event.facts, rules) if event.verb in ("assign", "to_queue") else []
        if event.facts.get("web_form") in forms:
            notes.append(_("by the web form “%(form)s”") % {"form": forms[event.facts["web_form"]]})
        entries.append(Entry(event.at, phrase.icon, text, str(event.by or ""), phrase.tone, notes=notes))
    return entries
