"""A recycle rule in words: which customers it is for, and what keeps them."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team
from customers.conditions import EXEMPTS, Condition, of_use
from customers.models import RecycleRule
from customers.states import CustomerState, Grade
from records.models import DictionaryEntry


def for_whom(rule: RecycleRule) -> str:
    """``"grade C, D · North · not with an open order"``; all customers without any of it."""
    parts = list(filter(None, [kind_in_words(rule)]))
    if rule.sources:
        sources = DictionaryEntry.objects.filter(pk__in=rule.sources).order_by("order", "pk")
        parts.append(", ".join(entry.label for entry in sources))
    held = {code: choice for code, choice in rule.exempt.items() if choice}
    kept = [_kept_by(condition, held[code]) for code, condition in of_use(EXEMPTS).items() if code in held]
    told = " · ".join(parts) or _("all customers")
    return f"{told} · " + _("kept by %(what)s") % {"what": ", ".join(kept)} if kept else told


def _kept_by(condition: Condition, choice: Any) -> str:
    """A choice is told where one was made; “any stage” says no more than the condition itself."""
    words = dict(condition.choices()).get(str(choice)) if condition.choices and choice is not True else None
    if words is None:
        return str(condition.label)
    return _("%(what)s, %(choice)s") % {"what": condition.label, "choice": words}


def kind_in_words(rule: Any) -> str:
    """Grades, states and teams of a rule: ``"grade C, D · buying · North"``; "" for all customers."""
    parts = []
    if rule.grades:
        parts.append(_("grade %(grades)s") % {"grades": ", ".join(str(Grade(code).label) for code in rule.grades)})
    if rule.states:
        parts.append(", ".join(str(CustomerState(code).label) for code in rule.states))
    if rule.teams:
        parts.append(", ".join(Team.objects.filter(pk__in=rule.teams).values_list("name", flat=True)))
    return " · ".join(parts)
