"""What a run of the assignment did or would do, one line per rule, in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from leads.models import AssignmentRule
from leads.seats import REASONS


@dataclass
class Told:
    """One rule in one run; ``rule=None`` for the leads that no rule is for."""

    rule: AssignmentRule | None
    # Person → how many leads, those handed on included.
    given: Counter[int] = field(default_factory=Counter)
    handed_on: int = 0
    # Had by everybody of the rule, and back in the queue.
    returned: int = 0
    waiting: int = 0
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.given and not self.waiting and not self.returned


def lines_of(told: Iterable[Told], *, dry_run: bool) -> list[str]:
    """A dry run speaks of every rule; a run only of those that had something to do."""
    told = [one for one in told if not one.is_empty or (dry_run and one.rule)]
    names = dict(User.objects.filter(pk__in={pk for one in told for pk in one.given}).values_list("pk", "name"))
    return [_line(one, names) for one in told]


def _line(told: Told, names: dict[int, str]) -> str:
    parts = []
    if told.given:
        parts.append(_to_whom(told, names))
    if told.handed_on:
        parts.append(
            ngettext(
                "%(count)d of them because it was not contacted in time",
                "%(count)d of them because they were not contacted in time",
                told.handed_on,
            )
            % {"count": told.handed_on}
        )
    if told.returned:
        parts.append(
            ngettext(
                "%(count)d back to the queue: everybody had it and nobody contacted it in time",
                "%(count)d back to the queue: everybody had them and nobody contacted them in time",
                told.returned,
            )
            % {"count": told.returned}
        )
    if told.waiting:
        waits = ngettext("%(count)d waits: %(reason)s", "%(count)d wait: %(reason)s", told.waiting)
        parts.append(waits % {"count": told.waiting, "reason": REASONS[told.reason]})
    title = told.rule.name if told.rule else _("No rule")
    return f"{title}: {'; '.join(parts) or _('nothing to do')}"


def _to_whom(told: Told, names: dict[int, str]) -> str:
    total = sum(told.given.values())
    shares = sorted(
        ((names.get(pk, str(pk)), number) for pk, number in told.given.items()), key=lambda s: (-s[1], s[0])
    )
    people = ", ".join(f"{name} {number}" for name, number in shares)
    leads = ngettext("%(count)d lead to %(people)s", "%(count)d leads to %(people)s", total)
    return leads % {"count": total, "people": people}
