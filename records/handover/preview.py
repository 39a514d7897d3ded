"""What a handover would do, reckoned from the same rows and by the same plan as the run. Changes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from crm.formats import current_formats
from records.handover.kinds import HandoverKind, in_order
from records.handover.plan import Plan, Turns
from records.handover.reckon import able_for, reckon
from records.handover.run import ELSEWHERE
from records.handover.who import split_kinds
from records.models import Batch


@dataclass
class Line:
    """One kind: who gets how many, and what stays, in words."""

    label: Any
    total: str
    shares: list[tuple[str, str]] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


@dataclass
class Preview:
    lines: list[Line]
    warnings: list[str]
    moved: int
    stays: int


def holdings(leaver: User, by: Any) -> list[tuple[Any, int]]:
    """(kind in words, how many) of what she holds."""
    mine, others = split_kinds(by, leaver)
    return [(kind.label, count) for kind in [*mine, *others] if (count := kind.rows(leaver, by).count())]


def preview(leaver: User, plan: Plan, *, by: Any) -> Preview:
    people = {person.pk: person for person in User.objects.active().filter(pk__in=plan.people)}
    mine, others = split_kinds(by, leaver)
    found = Preview([], [], 0, 0)
    gone: dict[int, int] = {}
    for kind in mine:
        line = _line(kind, leaver, by, plan, people, gone, found)
        if line.shares or line.stays:
            found.lines.append(line)
    for kind in others:
        if count := kind.rows(leaver, by).count():
            found.stays += count
            found.lines.append(Line(kind.label, _number(count), stays=[_("You may not assign these.")]))
    return found


def _line(
    kind: HandoverKind, leaver: User, by: Any, plan: Plan, people: Mapping[int, User], gone: dict[int, int],
    found: Preview,
) -> Line:  # fmt: skip
    able = able_for(kind, plan, people)
    place = plan.places.get(kind.code, "")
    shares = reckon(kind, kind.rows(leaver, by), Turns(able), place=place, gone=gone)
    if kind.is_followed:
        gone.update(shares.heirs)
    counts = Counter(shares.heirs.values())
    total = len(shares.heirs) + len(shares.elsewhere) + len(shares.nobody)
    line = Line(kind.label, _number(total), named_shares(kind, counts, len(shares.elsewhere), place, people, by))
    line.stays = [*_nobody(len(shares.nobody), kind, plan, able, people), *kind.stays(leaver, by)]
    found.moved += total - len(shares.nobody)
    found.stays += len(shares.nobody)
    found.warnings += kind.warns({people[pk]: count for pk, count in counts.items()}, by)
    return line


def named_shares(
    kind: HandoverKind, counts: Mapping[int, int], away: int, place: str, people: Mapping[int, User], by: Any
) -> list[tuple[str, str]]:
    """(to whom or where, how many), in the order of names."""
    named = sorted((str(people[pk]), _number(count)) for pk, count in counts.items())
    if away:
        places = dict(kind.elsewhere.places(by)) if kind.elsewhere else {}
        named.append((str(places.get(place, _("elsewhere"))), _number(away)))
    return named


def _nobody(count: int, kind: HandoverKind, plan: Plan, able: Plan, people: Mapping[int, User]) -> list[str]:
    if not count:
        return []
    unable = sorted(str(people[pk]) for pk in {*plan.people} - {*able.people} if pk in people)
    if not unable:
        text = ngettext("%(count)s stays: nobody is named for it.", "%(count)s stay: nobody is named for them.", count)
        return [text % {"count": _number(count)}]
    text = ngettext(
        "%(count)s stays: %(people)s may not work with it.", "%(count)s stay: %(people)s may not work with them.", count
    )
    return [text % {"count": _number(count), "people": ", ".join(unable)}]


def tell_batch(batch: Any, by: Any, _query: Any) -> dict[str, Any]:
    """What a batch did, per kind and heir: for its page."""
    return {"lines": _told_by_kind(batch, by), "is_running": batch.state == Batch.State.RUNNING}


def _told_by_kind(batch: Any, by: Any) -> list[Line]:
    plan, told = Plan.from_json(batch.params["plan"]), batch.params.get("told", {})
    people = User.objects.in_bulk(plan.people)
    stays = batch.params.get("stays", {})
    lines = []
    for kind in in_order():
        code = kind.code
        counts = {int(to): count for to, count in told.get(code, {}).items() if to != ELSEWHERE}
        away = told.get(code, {}).get(ELSEWHERE, 0)
        line = Line(kind.label, _number(sum(counts.values()) + away))
        line.shares = named_shares(kind, counts, away, plan.places.get(code, ""), people, by)
        if code in stays:
            text = ngettext("%(count)s stayed.", "%(count)s stayed.", stays[code])
            line.stays = [text % {"count": _number(stays[code])}]
        if line.shares or line.stays:
            lines.append(line)
    return lines


def _number(value: int) -> str:
    return str(current_formats().number(value))
