"""What the pages of a quote and of an order have in common: lines, tax per rate, facts, and what can be done now."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from records.anchors import holds
from records.kinds import kinds
from sales.amounts import totals
from sales.document_story import Told, story_of_document
from sales.whole_way import Next


@dataclass(frozen=True)
class Act:
    """A verb as a button; the main one is what is next.

    ``opens``: the id of the dialog that asks first; without one the button posts at once.
    """

    name: str
    label: Any
    icon: str
    is_main: bool = False
    opens: str = ""


@dataclass(frozen=True)
class DocumentPage:
    """``sees``: which of the records that go with it the person reaches, by kind."""

    document: Any
    url: str
    lines: list[Any]
    rates: list[tuple[Decimal, Decimal]]
    steps: list[dict[str, Any]]
    next: Next
    acts: list[Act]
    facts: list[tuple[Any, Any]]
    story: list[Told]
    may_change: bool
    may_delete: bool
    is_editable: bool
    sees_cost: bool
    sees: dict[str, bool]

    @property
    def act_names(self) -> set[str]:
        return {act.name for act in self.acts}

    @property
    def acts_main_last(self) -> list[Act]:
        """As the head of a page shows buttons."""
        return sorted(self.acts, key=lambda act: act.is_main)


def document_page(
    user: Any, document: Any, *, steps: list[dict[str, Any]], next_: Next, acts: list[Act],
    facts: list[tuple[Any, Any]],
) -> DocumentPage:  # fmt: skip
    lines = list(document.lines.select_related("product"))
    of_rates = totals(
        [(line.tax_rate, line.amount) for line in lines], document.currency, include_tax=document.prices_include_tax
    )
    may_change = access.covers(user, document, "change")
    return DocumentPage(
        document=document,
        url=kinds[document.kind].url_of(document),
        lines=lines,
        rates=[(rate, tax) for rate, tax in of_rates.rates.items() if rate],
        steps=steps,
        next=next_,
        acts=[replace(act, is_main=act.name == next_.act) for act in acts],
        facts=[fact for fact in facts if fact[1] not in (None, "")],
        story=story_of_document(document),
        may_change=may_change,
        may_delete=not holds(document) and access.covers(user, document, "delete"),
        is_editable=may_change and document.is_draft,
        sees_cost=access.allows(user, "see_cost", "quote"),
        sees=_seen(user, document),
    )


def _seen(user: Any, document: Any) -> dict[str, bool]:
    seen = {"customer": access.covers(user, document.customer)}
    for kind in ("opportunity", "quote", "order"):
        other = getattr(document, kind, None)
        seen[kind] = other is not None and covers_of_customer(user, document, other)
    return seen


def covers_of_customer(user: Any, document: Any, other: Any) -> bool:
    """Whether the person reaches another record of the document's customer."""
    other.customer = document.customer  # the same one, and loaded
    return access.covers(user, other)


def shared_facts(document: Any) -> list[tuple[Any, Any]]:
    return [
        (_("Contact"), document.contact),
        (_("Currency"), document.currency),
        (_("Prices"), _("with tax") if document.prices_include_tax else _("without tax")),
        (_("Terms"), document.terms),
    ]


def day(value: Any) -> str:
    return current_formats().date(value)
