"""What happened to one opportunity, in words, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.formats import current_formats
from records.models import Event
from sales.models import Opportunity, Product, Stage

SHOWN = 50
# verb → icon, tone, text; in it stand %(stage)s, %(days)s, %(owner)s, %(fields)s, %(product)s, %(amount)s
TEXTS = {
    "create": ("plus", "", _("Opened in “%(stage)s”")),
    "move": ("arrow-right", "info", _("Moved from “%(came)s” to “%(stage)s” after %(days)s")),
    "win": ("trophy", "good", _("Won: %(amount)s")),
    "lose": ("circle-x", "bad", _("Lost")),
    "reopen": ("refresh", "", _("Opened again")),
    "assign": ("user-share", "", _("Given to %(owner)s")),
    "handover": ("user-share", "", _("Handed over to %(owner)s")),
    "change": ("pencil", "", _("Changed: %(fields)s")),
    "add_product": ("package", "", _("Product added: %(product)s")),
    "change_product": ("package", "", _("Product changed: %(product)s")),
    "remove_product": ("package", "", _("Product removed: %(product)s")),
    "delete": ("trash", "bad", _("Moved to the trash")),
    "restore": ("arrow-back-up", "", _("Restored from the trash")),
}


@dataclass(frozen=True)
class Line:
    at: Any
    by: Any
    icon: str
    tone: str
    text: str


def story_of(opportunity: Opportunity, also: Q | None = None) -> list[Line]:
    """``also``: events of other records that belong here (its quotes)."""
    mine = Q(subject_kind="opportunity", subject_id=opportunity.pk)
    events = list(Event.objects.filter(mine | also if also else mine).select_related("by").order_by("-id")[:SHOWN])
    names = _Names(events)
    return [_line(event, names, opportunity) for event in events]


def _line(event: Event, names: "_Names", opportunity: Opportunity) -> Line:
    icon, tone, text = TEXTS.get(event.verb, ("point", "", event.verb.replace("_", " ")))
    return Line(event.at, event.by, icon, tone, str(text) % names.of(event, opportunity))


class _Names:
    """Names of what the facts hold as numbers: one statement per kind that occurs."""

    def __init__(self, events: Iterable[Event]) -> None:
        facts = [event.facts for event in events]
        stages = {pk for fact in facts for pk in _stages(fact)}
        self.stages = {stage.pk: stage.label for stage in Stage.objects.filter(pk__in=stages)} if stages else {}
        owners = {fact["to"] for fact in facts if isinstance(fact.get("to"), int)}
        self.owners = dict(User.objects.filter(pk__in=owners).values_list("pk", "name")) if owners else {}
        products = {fact["product"] for fact in facts if "product" in fact}
        self.products = {each.pk: each.label for each in Product._base_manager.filter(pk__in=products)}

    def of(self, event: Event, opportunity: Opportunity) -> dict[str, str]:
        facts = event.facts
        stages = [self.stages.get(pk, "–") for pk in _stages(facts)] or ["–"]
        labels = [str(opportunity._meta.get_field(name).verbose_name) for name in facts.get("fields", [])]
        amount = facts.get("amount")
        return {
            "came": stages[0],
            "stage": stages[-1],
            "days": _days(facts.get("days", 0)),
            "owner": self.owners.get(facts.get("to"), "–"),
            "fields": ", ".join(labels),
            "product": self.products.get(facts.get("product"), "–"),
            "amount": current_formats().money(amount, facts["currency"]) if amount and "currency" in facts else "–",
        }


def _stages(facts: dict[str, Any]) -> list[int]:
    stage = facts.get("stage")
    return stage if isinstance(stage, list) else [stage] if isinstance(stage, int) else []


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else gettext("less than a day")
