"""The page of one opportunity: where it stands, what it is worth, what happened."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.formats import current_formats
from sales.models import Opportunity, OpportunityLine
from sales.opportunity_panels import ShownPanel, panels_for
from sales.story import Line, story_of


@dataclass(frozen=True)
class Step:
    """A stage on the way; ``state`` as in _parts/steps.html. ``pk`` of a stage into which it may be moved, or None."""

    label: str
    state: str
    url: str
    text: str
    pk: int | None


@dataclass(frozen=True)
class OpportunityPage:
    opportunity: Opportunity
    steps: list[Step]
    facts: list[tuple[Any, Any]]
    lines: list[OpportunityLine]
    story: list[Line]
    panels: list[ShownPanel]
    can: dict[str, bool]


def opportunity_page(user: Any, opportunity: Opportunity, *, now: datetime.datetime) -> OpportunityPage:
    return OpportunityPage(
        opportunity=opportunity,
        steps=steps_of(opportunity, now),
        facts=facts_of(user, opportunity, now),
        lines=list(opportunity.lines.select_related("product", "opportunity")),
        story=story_of(opportunity),
        panels=panels_for(user, opportunity),
        can={action: access.covers(user, opportunity, action) for action in ("change", "assign", "delete")},
    )


def steps_of(opportunity: Opportunity, now: datetime.datetime) -> list[Step]:
    """All stages of its pipeline, the days it stands in the present one, and how it ended."""
    here = opportunity.stage
    steps = []
    for stage in opportunity.pipeline.stages.all():
        if stage.is_retired and stage.pk != here.pk:
            continue
        is_here = stage.pk == here.pk and opportunity.is_open
        has_passed = stage.order <= here.order or opportunity.state == "won"
        days = opportunity.days_in_stage(now) if is_here else 0
        text = ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else ""
        state = "now" if is_here else "done" if has_passed else "next"
        steps.append(Step(stage.label, state, "", text, None if stage.pk == here.pk else stage.pk))
    return [*steps, _end(opportunity)]


def _end(opportunity: Opportunity) -> Step:
    closed = current_formats().date(opportunity.closed_on)
    if opportunity.state == "lost":
        return Step(gettext("Lost"), "failed", "", closed, None)
    return Step(gettext("Won"), "done" if opportunity.state == "won" else "next", "", closed, None)


def facts_of(user: Any, opportunity: Opportunity, now: datetime.datetime) -> list[tuple[Any, Any]]:
    formats = current_formats()
    foreign = opportunity.amount is not None and opportunity.amount != opportunity.amount_company
    facts = [
        (_("Amount"), formats.money(opportunity.amount, opportunity.currency)),
        (_("Amount in the company's currency"), _in_own(opportunity) if foreign else None),
        (_("Probability"), f"{opportunity.probability} %"),
        (_("Expected close"), formats.date(opportunity.close_on)),
        (_("Closed"), formats.date(opportunity.closed_on)),
        (_("Days to close"), opportunity.cycle_days),
        (_("Reason of the loss"), opportunity.lost_reason),
        (_("Note on the loss"), opportunity.lost_note),
        (_("Next step"), opportunity.next_step),
        (_("Competitor"), opportunity.competitor),
        (_("Source"), opportunity.source),
        (_("Opened"), formats.date(opportunity.opened_on)),
        (_("Pipeline"), opportunity.pipeline.label),
        (_("Number in another system"), opportunity.external_id),
    ]
    always = {str(_("Amount")), str(_("Expected close")), str(_("Next step"))}
    return [(label, value) for label, value in facts if value not in (None, "") or str(label) in always]


def _in_own(opportunity: Opportunity) -> str:
    from accounts.models import Company

    if opportunity.amount_company is None:
        return gettext("no exchange rate for its date")
    return current_formats().money(opportunity.amount_company, Company.get().currency)
