"""The filters of the leads list."""

from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lists.filter_fields import (
    ChoicesFilter,
    CompanyDaysFilter,
    DaysFilter,
    EntryFilter,
    StampedPersonFilter,
    TagFilter,
)
from crm.lists.filters import ListFilters
from leads.fairness import behind, parsed
from leads.hand_on import ALL_HAD
from leads.models import AssignmentRule, Lead
from leads.reached import LABELS, conditions, won_by
from leads.states import OPEN, LeadState, WayStep
from sales.filters import TeamFilter


class LeadFilters(ListFilters):
    owner = StampedPersonFilter(kind="lead")
    state = ChoicesFilter(label=_("State"), choices=LeadState.choices)
    rating = ChoicesFilter(label=_("Rating"), choices=Lead.Rating.choices)
    score = django_filters.RangeFilter(label=_("Score"))
    source = EntryFilter(label=_("Source"), list="lead_source")
    region = EntryFilter(label=_("Region"), list="region")
    industry = EntryFilter(label=_("Industry"), list="industry")
    tag = TagFilter(kind="lead")
    work = django_filters.ChoiceFilter(
        label=_("To do"), method="by_work",
        choices=[
            ("open", _("open")),
            ("waiting", _("waits for an owner")),
            ("returned", _("everybody had it, nobody contacted it")),
            ("late", _("first contact overdue")),
            ("overdue", _("next contact overdue")),
            ("today", _("next contact until tonight")),
            ("unplanned", _("no next contact planned")),
        ],
    )  # fmt: skip
    lost_reason = EntryFilter(label=_("Reason of the loss"), list="lead_lost_reason")
    created = DaysFilter(label=_("Created"), field_name="created_at")
    next_contact = DaysFilter(label=_("Next contact"), field_name="next_contact_at")
    # What figures of reports link to.
    entered = CompanyDaysFilter(label=_("Entered, by days of the company"), field_name="created_at")
    way = django_filters.ChoiceFilter(
        label=_("Came at least as far as"), field_name="way_step", lookup_expr="gte", choices=WayStep.choices
    )
    team = TeamFilter(label=_("Team"))
    team_itself = TeamFilter(label=_("Team, without those below"), field_name="team", deep=False)
    rule = django_filters.ModelChoiceFilter(
        label=_("Assignment rule"),
        queryset=AssignmentRule.objects.in_order(),  # unscoped: names of rules stand on the leads
    )
    campaign = django_filters.CharFilter(label=_("Campaign, by its exact name"))
    came = django_filters.ChoiceFilter(label=_("Came so far"), method="by_step", choices=list(LABELS.items()))
    without = django_filters.MultipleChoiceFilter(
        label=_("Without"), method="by_lack",
        choices=[
            ("owner", _("owner")), ("team", _("team")), ("source", _("source")), ("rule", _("assignment rule")),
            ("campaign", _("campaign")), ("lost_reason", _("reason of the loss")),
        ],
    )  # fmt: skip
    given = django_filters.CharFilter(
        label=_("Behind a figure of the assignment"), method="by_figure", widget=forms.HiddenInput()
    )

    def by_figure(self, rows: models.QuerySet, _name: str, text: str) -> models.QuerySet:
        asked = parsed(text)
        return behind(rows, **asked) if asked else rows.none()

    def by_work(self, rows: models.QuerySet, _name: str, code: str) -> models.QuerySet:
        now = timezone.now()
        tonight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
        conditions: dict[str, dict[str, Any]] = {
            "open": {"state__in": OPEN},
            "waiting": {"state": LeadState.NEW, "owner__isnull": True},
            "returned": {"state": LeadState.NEW, "waits_because": ALL_HAD},
            "late": {"state": LeadState.ASSIGNED, "first_contact_due_at__lte": now},
            "overdue": {"next_contact_at__lt": now},
            "today": {"next_contact_at__lte": tonight},
            "unplanned": {"next_contact_at__isnull": True, "state__in": OPEN},
        }
        return rows.filter(**conditions[code])

    def by_step(self, rows: models.QuerySet, _name: str, code: str) -> models.QuerySet:
        if code == "won":
            return rows.filter(opportunity__in=won_by(self.user).values("pk"))
        return rows.filter(conditions(timezone.now())[code])

    def by_lack(self, rows: models.QuerySet, _name: str, names: list[str]) -> models.QuerySet:
        for name in names:
            rows = rows.filter(**({"campaign": ""} if name == "campaign" else {f"{name}__isnull": True}))
        return rows
