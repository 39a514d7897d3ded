"""What a merge of two open leads takes over, and what of this room hangs on a lead or a customer."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from leads.keys import SOURCES, keys_of
from leads.likely import add_signals
from leads.models import Lead
from leads.scoring.score import score_leads
from leads.search import index_leads
from leads.states import OPEN, LeadState
from records.merge.kinds import DROP, KEEP, Merging, Unit, mergings
from records.merge.links import Link, add_links
from records.merge.search import add_search
from records.merge.shared import TAG_LIST, add_shared_links
from records.refusals import Refused

# How far a lead came; at the same place the kept one's stands.
_FURTHER = [LeadState.NEW, LeadState.ASSIGNED, LeadState.CONTACTED, LeadState.QUALIFIED]
STANDING = (
    "state", "owner", "team", "assigned_at", "contacted_at", "contact_minutes", "contact_working_minutes",
    "qualified_at", "first_contact_due_at", "contact_limit_at", "rule", "waits_because",
)  # fmt: skip


def mergeable(user: Any) -> Any:
    return Lead.objects.allowing(user, "merge")


def _refuse_closed(keep: Lead, drop: Lead) -> None:
    for lead in (keep, drop):
        if lead.state not in OPEN:
            text = _("“%(name)s” is %(state)s: only open leads are merged.")
            raise Refused(text % {"name": lead, "state": lead.get_state_display()}, reason="state", state=lead.state)


def _further(keep: Lead, drop: Lead) -> str:
    return DROP if _FURTHER.index(LeadState(drop.state)) > _FURTHER.index(LeadState(keep.state)) else KEEP


def _standing_sides(keep: Lead, drop: Lead) -> tuple[str, ...]:
    if (keep.state, keep.owner_id) == (drop.state, drop.owner_id) or (keep.owner_id and not drop.owner_id):
        return (KEEP,)
    if drop.owner_id and not keep.owner_id:
        return (DROP,)
    return (KEEP, DROP) if drop.owner is not None and drop.owner.is_active else (KEEP,)


def _shown_standing(lead: Lead) -> str:
    owner = str(lead.owner) if lead.owner else _("nobody")
    return f"{lead.get_state_display()}, {owner}"


def _one(name: str, label: Any) -> Unit:
    return Unit(name, label, (name,))


UNITS = (
    _one("name", gettext_lazy("Name")),
    _one("company", gettext_lazy("Company")),
    Unit("standing", gettext_lazy("State and owner"), STANDING, default=_further, offers=_standing_sides,
         shown=_shown_standing, is_held=True),
    _one("position", gettext_lazy("Position")),
    _one("phone", gettext_lazy("Phone")),
    _one("mobile", gettext_lazy("Mobile phone")),
    _one("email", gettext_lazy("E-mail")),
    _one("wechat", gettext_lazy("WeChat")),
    _one("whatsapp", "WhatsApp"),
    _one("telegram", gettext_lazy("Telegram")),
    _one("website", gettext_lazy("Website")),
    Unit("place", gettext_lazy("Address"), ("country", "region", "city")),
    _one("language", gettext_lazy("Language")),
    _one("industry", gettext_lazy("Industry")),
    _one("tax_number", gettext_lazy("Tax number")),
    _one("source", gettext_lazy("Source")),
    _one("campaign", gettext_lazy("Campaign")),
    Unit("need", gettext_lazy("Need"), ("need",), is_text=True),
    Unit("value", gettext_lazy("Estimated value"), ("estimated_value", "currency")),
    Unit("rating", gettext_lazy("Rating by hand"), ("rating_by_hand", "rating_until")),
    _one("referred_by", gettext_lazy("Referred by")),
    Unit("external", gettext_lazy("Number in another system"), ("external_system", "external_id"), only_once=True),
)  # fmt: skip


def _blend(keep: Lead, drop: Lead) -> dict[str, Any]:
    """Who was spoken to counts as spoken to."""
    last = [moment for moment in (keep.last_contact_at, drop.last_contact_at) if moment]
    following = [moment for moment in (keep.next_contact_at, drop.next_contact_at) if moment]
    return {
        "last_contact_at": max(last, default=None),
        "next_contact_at": min(following, default=None),
    }


def _keys(lead: Lead) -> dict[str, Any]:
    return keys_of({name: getattr(lead, name) for name in SOURCES}, country=Company.get().country)


def _settle(ids: Iterable[int]) -> None:
    score_leads(ids)
    index_leads(ids)


def add_merge() -> None:
    mergings.add(
        "lead",
        Merging(
            "lead", UNITS, mergeable, lists=(TAG_LIST,), refuse=_refuse_closed, blend=_blend, derived=_keys,
            settle=_settle,
        ),
    )  # fmt: skip
    add_signals()
    add_search("lead", "leads.find_duplicates", hour=4, label=gettext_lazy("Search for leads that may be the same"))
    add_links(
        Link("lead", "leads.LeadActivity", "lead_id", gettext_lazy("activities")),
        Link("lead", "leads.Submission", "lead_id", gettext_lazy("submissions of web forms")),
        Link("lead", "leads.LeadConsent", "lead_id", gettext_lazy("consents")),
        Link("lead", "messaging.SentMail", "about_id", when="t.about_kind = 'lead'"),
        Link("lead", "messaging.InboundMail", "taken_id", gettext_lazy("messages"), when="t.taken_kind = 'lead'"),
    )
    add_shared_links("lead")
    add_links(
        Link("customer", "leads.Lead", "customer_id", gettext_lazy("leads"), of="lead"),
        Link("customer", "leads.Lead", "referred_by_id", gettext_lazy("leads that it referred"), of="lead"),
    )


add_merge()
