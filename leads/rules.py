"""Assignment rules: what is done with them, each with an event that names who."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach
from leads.models import AssignmentRule, RuleMember
from records.log import log_event, plain
from records.models import Event
from records.refusals import StaleVersion

MEMBER_FIELDS = ("is_active", "weight", "holding_cap", "daily_cap")


def require_for(user: Any, team: Any) -> None:
    """A rule for the whole company needs the right for all; a rule of a team, reach over that team."""
    reach = access.reach_of(user, "rules", "change")
    if reach == Reach.ALL or (reach == Reach.TEAM and team is not None and team.pk in access.team_ids_of(user)):
        return
    raise PermissionDenied(_("You may not make rules for this team."))


@transaction.atomic
def create_rule(values: Mapping[str, Any], members: Sequence[Mapping[str, Any]], *, by: Any) -> AssignmentRule:
    """Switched off until somebody has seen its dry run; last in the order."""
    last = AssignmentRule.objects.aggregate(last=Max("order"))["last"] or 0
    rule = AssignmentRule.objects.create(**values, order=last + 10, created_by=by)
    log_event("create", rule, by=by)
    set_members(rule, members, by=by)
    return rule


@transaction.atomic
def change_rule(
    rule: AssignmentRule, values: Mapping[str, Any], members: Sequence[Mapping[str, Any]], *, by: Any,
    version: int | None = None,
) -> None:  # fmt: skip
    """``version``: the one that the person opened; StaleVersion when a colleague was faster, and nothing is saved."""
    rule = AssignmentRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if version is not None and rule.version != version:
        raise StaleVersion(rule.version)
    changes = {name: (getattr(rule, name), value) for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if plain(pair[0]) != plain(pair[1])}
    for name, (_before, after) in changes.items():
        setattr(rule, name, after)
    if changes:
        rule.save(update_fields=list(changes))
        if "strategy" in changes:
            _level_ring(rule)
        log_event("change", rule, by=by, facts={"fields": sorted(changes)}, changes=changes)
    set_members(rule, members, by=by)


def _level_ring(rule: AssignmentRule) -> None:
    """Another way starts even: places that the former one left behind would make somebody wait for weeks."""
    highest = rule.members.aggregate(highest=Max("position"))["highest"]
    if highest is not None:
        rule.members.update(position=highest)


@transaction.atomic
def set_members(rule: AssignmentRule, members: Sequence[Mapping[str, Any]], *, by: Any) -> None:
    """The people of the rule: dicts with ``user`` and MEMBER_FIELDS; who is not among them takes part no more.

    Whoever is new starts at the ring's highest, so that she is not flooded with what the others got before her.
    """
    wanted = {one["user"].pk: {name: one[name] for name in MEMBER_FIELDS if name in one} for one in members}
    known = {member.user_id: member for member in rule.members.select_for_update()}
    highest = max((member.position for member in known.values()), default=Decimal(0))
    gone = rule.members.exclude(user_id__in=wanted).delete()[0]
    changed = [member for user, member in known.items() if user in wanted and _changed(member, wanted[user])]
    RuleMember.objects.bulk_update(changed, MEMBER_FIELDS)
    new = [user for user in wanted if user not in known]
    RuleMember.objects.bulk_create(
        RuleMember(rule=rule, user_id=user, position=highest, **wanted[user]) for user in new
    )
    if gone or changed or new:
        facts = {"added": sorted(new), "changed": sorted(m.user_id for m in changed), "removed": gone}
        log_event("members", rule, by=by, facts=facts)
        # The people are part of the rule: whoever opened it before sees another one now.
        AssignmentRule.objects.filter(pk=rule.pk).update(version=F("version") + 1)


def _changed(member: RuleMember, values: Mapping[str, Any]) -> bool:
    differs = [name for name, value in values.items() if getattr(member, name) != value]
    for name in differs:
        setattr(member, name, values[name])
    return bool(differs)


@transaction.atomic
def switch_rule(rule: AssignmentRule, on: bool, *, by: Any) -> bool:
    """Whether it was not so before."""
    moved = AssignmentRule.objects.filter(pk=rule.pk).exclude(is_active=on).update(is_active=on)
    if moved:
        log_event("switch_on" if on else "switch_off", rule, by=by)
    rule.is_active = on
    return bool(moved)


@transaction.atomic
def order_rules(wanted: Sequence[int], *, by: Any) -> None:
    """``wanted``: the numbers of the rules that the person sees. They share the places that these have; the order is
    written anew for all, because equal numbers cannot be swapped."""
    rules = list(AssignmentRule.objects.select_for_update(of=("self",)).in_order())
    known, places = {rule.pk: rule for rule in rules}, {rule.pk: place for place, rule in enumerate(rules)}
    turn = iter([known[pk] for pk in wanted if pk in known])
    arranged = [next(turn) if rule.pk in set(wanted) else rule for rule in rules]
    for place, rule in enumerate(arranged):
        rule.order = (place + 1) * 10
        if places[rule.pk] != place:
            log_event("order", rule, by=by, facts={"from": places[rule.pk] + 1, "to": place + 1})
    AssignmentRule.objects.bulk_update(arranged, ["order"])


@transaction.atomic
def copy_rule(rule: AssignmentRule, *, by: Any) -> AssignmentRule:
    """The same conditions, way and people, switched off and last; the copy's ring starts even."""
    names = [field for field in AssignmentRule.EDITABLE if field != "name"]
    values = {name: getattr(rule, name) for name in names}
    label = _("Copy of %(name)s") % {"name": rule.name}
    members = [
        {"user": member.user, **{name: getattr(member, name) for name in MEMBER_FIELDS}}
        for member in rule.members.select_related("user").order_by("pk")
    ]
    return create_rule({**values, "name": str(label)[:120]}, members, by=by)


@transaction.atomic
def delete_rule(rule: AssignmentRule, *, by: Any) -> None:
    """Its leads keep their owners; the log keeps its number."""
    log_event("delete", rule, by=by)
    AssignmentRule.objects.filter(pk=rule.pk).delete()


def changed_last_by(rule: AssignmentRule) -> Any:
    """None: the system."""
    events = Event.objects.filter(subject_kind=AssignmentRule.kind, subject_id=rule.pk)
    last = events.select_related("by").order_by("pk").last()
    return last and last.by
