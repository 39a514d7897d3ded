"""Read-only assembly of a lead's page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from crm.formats import current_formats
from crm.places import countries, languages
from customers.timeline import Entry
from leads.lists import RATING_TONES, STATE_TONES
from leads.models import Lead
from leads.scoring.explain import Explanation, explain
from leads.scoring.facts import Day
from leads.seats import REASONS
from leads.states import LeadState
from leads.timeline import timeline_of
from leads.why import why_owner
from records.files import files_of
from records.moves import allowed_moves
from records.tagging import tags_of

WAY = (
    (LeadState.NEW, gettext_lazy("New"), "created_at"),
    (LeadState.ASSIGNED, gettext_lazy("Assigned"), "assigned_at"),
    (LeadState.CONTACTED, gettext_lazy("Contacted"), "contacted_at"),
    (LeadState.QUALIFIED, gettext_lazy("Qualified"), "qualified_at"),
    (LeadState.CONVERTED, gettext_lazy("Converted"), "converted_at"),
)
# Verb → the right that it needs.
RIGHTS = {
    "assign": "assign", "contact": "work", "qualify": "work", "convert": "convert", "lose": "work", "reopen": "work",
}  # fmt: skip


@dataclass(frozen=True)
class LeadPage:
    """``can``: what this person may do with this lead now, by right and state."""

    lead: Lead
    can: dict[str, bool]
    way: list[dict[str, Any]]
    facts: list[tuple[Any, Any]]
    notice: tuple[str, str] | None
    timeline: list[Entry]
    has_older: bool
    state_tone: str
    rating_tone: str
    # Why it has its score, where rules are in force; the day until which a rating set by hand holds.
    score: Explanation | None = None
    held_until: str = ""
    why: str = ""
    tags: list[Any] = field(default_factory=list)
    files: list[Any] = field(default_factory=list)


def page_of(lead: Lead, user: Any, *, now: datetime, everything: bool = False) -> LeadPage:
    timeline, has_older = timeline_of(lead, everything=everything)
    return LeadPage(
        lead=lead, can=can_do(lead, user), way=_way(lead), facts=_facts(lead, user), notice=_notice(lead, now),
        timeline=timeline, has_older=has_older, state_tone=STATE_TONES[lead.state],
        rating_tone=RATING_TONES.get(lead.rating, ""), score=explain(lead, now=now), held_until=_held_until(lead, now),
        why=why_owner(lead), tags=tags_of(lead), files=list(files_of(lead)),
    )  # fmt: skip


def _held_until(lead: Lead, now: datetime) -> str:
    holds = lead.rating_by_hand and lead.rating_until and lead.rating_until >= Day.at(now).today
    return current_formats().date(lead.rating_until) if holds else ""


def can_do(lead: Lead, user: Any) -> dict[str, bool]:
    moves = set(allowed_moves(lead))
    held = {action: access.covers(user, lead, action) for action in ("change", "delete", "merge", *RIGHTS.values())}
    can = {verb: held[right] and verb in moves for verb, right in RIGHTS.items()}
    can |= {"change": held["change"], "delete": held["delete"], "log": held["work"] and lead.is_open}
    can["explain"] = held["assign"]
    can["merge"] = held["merge"] and lead.is_open
    can["queue"] = held["assign"] and lead.is_waiting
    return {**can, "more": can["assign"] or can["lose"] or can["delete"] or can["change"] or can["merge"]}


def _way(lead: Lead) -> list[dict[str, Any]]:
    formats = current_formats()
    at = [state for state, _label, _stamp in WAY].index(lead.state) if lead.state != LeadState.LOST else -1
    steps = []
    for place, (_state, label, stamp) in enumerate(WAY):
        moment = getattr(lead, stamp)
        is_done = bool(moment) if at < 0 else place < at or (place == at == len(WAY) - 1)
        state = "done" if is_done else "now" if place == at else "next"
        text = formats.date(moment) if moment and state != "next" else ""
        steps.append({"label": label, "state": state, "url": "", "text": text})
    if lead.state == LeadState.LOST:
        steps = [step for step in steps if step["state"] == "done"]
        steps.append({"label": _("Lost"), "state": "failed", "url": "", "text": formats.date(lead.lost_at)})
    return steps


def _notice(lead: Lead, now: datetime) -> tuple[str, str] | None:
    """What presses, in one sentence, with its tone."""
    formats = current_formats()
    if lead.state == LeadState.LOST:
        note = f" {lead.lost_note}" if lead.lost_note else ""
        return f"{_('Lost')}: {lead.lost_reason}.{note}", "bad"
    if lead.is_waiting:
        why = REASONS.get(lead.waits_because)
        rule = f" ({lead.rule})" if lead.rule else ""
        return (_("Waits for an owner: %(why)s") % {"why": f"{why}{rule}"} if why else _("Waits for an owner")), "warn"
    if lead.is_late(now):
        when = formats.relative(lead.first_contact_due_at, now=now)
        return _("First contact overdue: %(when)s") % {"when": when}, "bad"
    if lead.state == LeadState.ASSIGNED and lead.first_contact_due_at:
        when = formats.relative(lead.first_contact_due_at, now=now)
        return _("First contact due: %(when)s") % {"when": when}, "info"
    if lead.is_open and lead.next_contact_at and lead.next_contact_at < now:
        when = formats.relative(lead.next_contact_at, now=now)
        return _("Next contact overdue: %(when)s") % {"when": when}, "bad"
    return None


def _facts(lead: Lead, user: Any) -> list[tuple[Any, Any]]:
    """Labels and values, without what is empty."""
    formats = current_formats()
    facts = [
        (_("Position"), lead.position if lead.name else ""), (_("Company"), lead.company if lead.name else ""),
        (_("Phone"), _link("tel", lead.phone)), (_("Mobile phone"), _link("tel", lead.mobile)),
        (_("E-mail"), _link("mailto", lead.email)), (_("WeChat"), lead.wechat), ("WhatsApp", lead.whatsapp),
        ("Telegram", lead.telegram), (_("Website"), lead.website),
        (_("Country"), dict(countries()).get(lead.country, lead.country)), (_("Region"), lead.region),
        (_("City"), lead.city), (_("Language"), dict(languages()).get(lead.language, lead.language)),
        (_("Industry"), lead.industry), (_("Tax number"), lead.tax_number), (_("Source"), lead.source),
        (_("Campaign"), lead.campaign), (_("Referred by"), _customer_link(lead.referred_by, user)),
        (_("Estimated value"), formats.money(lead.estimated_value, lead.currency)),
        (_("Last contact"), formats.moment(lead.last_contact_at)),
        (_("Next contact"), formats.moment(lead.next_contact_at)), (_("Created"), formats.moment(lead.created_at)),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value not in (None, "")]


def _link(scheme: str, value: str) -> str:
    return format_html('<a href="{}:{}">{}</a>', scheme, value, value) if value else ""


def _customer_link(customer: Any, user: Any) -> str:
    """The name alone, for whom the customer is out of reach."""
    if customer is None:
        return ""
    if not access.covers(user, customer):
        return customer.name
    return format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[customer.pk]), customer.name)
