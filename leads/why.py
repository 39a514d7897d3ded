"""Why this person: the sentence behind an assignment, from what its event tells."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.hand_on import ALL_HAD
from leads.models import AssignmentRule, Lead
from leads.strategies import HOW, strategies
from records.models import Event


def why_owner(lead: Lead) -> str:
    """``"By the rule “Web”, in turn: of 4 people, 1 off duty, 1 at the cap of the day; next in the ring."``"""
    if lead.owner_id is None:
        return ""
    events = Event.objects.filter(subject_kind="lead", subject_id=lead.pk, verb="assign").select_related("by")
    event = events.order_by("-pk").first()
    if event is None or event.facts.get("to") != lead.owner_id:
        return ""
    if "rule" not in event.facts:
        return _("By hand: %(name)s assigned it.") % {"name": event.by or _("the system")}
    names = dict(AssignmentRule.objects.filter(pk=event.facts["rule"]).values_list("pk", "name"))
    rule, *notes = notes_of(event.facts, names)
    return f"{rule[:1].upper()}{rule[1:]}: {'; '.join(notes)}."


def notes_of(facts: Mapping[str, Any], rules: Mapping[int, str]) -> list[str]:
    """Which rule gave it, out of whom it chose, and why her. Empty for an assignment by hand."""
    if "rule" not in facts:
        return []
    notes = [_("by the rule “%(rule)s”") % {"rule": rules.get(facts["rule"], f"#{facts['rule']}")}]
    because = facts.get("because")
    if because == ALL_HAD:
        tried = facts.get("tried", 0)
        told = ngettext(
            "%(count)d person had it and did not contact it in time",
            "%(count)d people had it, and nobody contacted it in time",
            tried,
        )
        return [*notes, told % {"count": tried}]
    if because == "not_contacted":
        notes.append(_("because it was not contacted in time"))
    notes.append(_choice(facts))
    if because == "fallback":
        notes.append(_("nobody else could take it"))
    elif how := HOW.get(facts.get("how", "")):
        if not facts["how"].startswith("owner_") and _looked_for_owner(facts):
            notes.append(_("no owner of a customer that it belongs to could take it"))
        notes.append(how % facts)
    return notes


def _looked_for_owner(facts: Mapping[str, Any]) -> bool:
    way = strategies.get(facts.get("way", ""))
    return way is not None and way.needs_match


def _choice(facts: Mapping[str, Any]) -> str:
    """``"In turn: of 4 people, 1 off duty"``"""
    absent: Mapping[str, int] = facts.get("absent", {})
    total = facts.get("candidates", 0) + sum(absent.values())
    if facts.get("because") == "fallback":
        total = sum(absent.values())
    people = ngettext("of %(count)d person", "of %(count)d people", total) % {"count": total}
    told = ", ".join([people, *absent_in_words(absent)])
    way = strategies.get(facts.get("way", ""))
    return f"{way.label}: {told}" if way else told


def absent_in_words(absent: Mapping[str, int]) -> list[str]:
    """Why the others could not take it, each reason with how many they are."""
    words = {
        "left": ngettext("%(count)d no longer active", "%(count)d no longer active", absent.get("left", 0)),
        "off_duty": ngettext("%(count)d off duty", "%(count)d off duty", absent.get("off_duty", 0)),
        "away": ngettext("%(count)d absent", "%(count)d absent", absent.get("away", 0)),
        "hours": ngettext("%(count)d after work", "%(count)d after work", absent.get("hours", 0)),
        "holding_cap": ngettext(
            "%(count)d with as many open leads as allowed", "%(count)d with as many open leads as allowed",
            absent.get("holding_cap", 0),
        ),
        "daily_cap": ngettext(
            "%(count)d at the cap of the day", "%(count)d at the cap of the day", absent.get("daily_cap", 0)
        ),
    }  # fmt: skip
    return [text % {"count": absent[code]} for code, text in words.items() if absent.get(code)]
