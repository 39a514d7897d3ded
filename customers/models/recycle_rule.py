from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach
from customers.models.pool import Pool
from customers.states import CustomerState, Grade
from records.models import Rule


class RecycleRuleQuerySet(models.QuerySet["RecycleRule"]):
    def in_force(self) -> Self:
        """In the order in which they are asked: the first that names a customer's kind holds for it."""
        return self.filter(is_active=True, pool__is_active=True).select_related("pool").order_by("order", "id")

    def allowing(self, user: Any, action: str) -> Self:
        """Those of the pools she administers, and those that are only for teams within her reach."""
        pools = Pool.objects.allowing(user, action)
        own = Q(pool__in=pools.values("pk"))
        if access.reach_of(user, "pool", action) == Reach.TEAM:
            own |= Q(teams__len__gt=0, teams__contained_by=list(access.team_ids_of(user)))
        return self.filter(own)


class RecycleRule(Rule):
    """For customers of some kind: how long they may lie before they fall into the pool, and what keeps them.

    Empty lists name every kind. Days are counted from facts at each run, never from a stored due date.
    """

    kind = "recycle_rule"
    EDITABLE = (
        "name", "pool", "order", "grades", "states", "teams", "sources", "idle_days", "order_days", "needs_both",
        "counts_working_days", "warn_days", "fresh_days", "exempt", "is_active",
    )  # fmt: skip

    pool = models.ForeignKey("customers.Pool", models.CASCADE, related_name="rules", verbose_name=_("into the pool"))
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("place"), default=10, help_text=_("The first rule that fits holds."))
    is_active = models.BooleanField(_("active"), default=False)

    grades = ArrayField(
        models.CharField(max_length=1, choices=Grade.choices), default=list, blank=True, verbose_name=_("grades")
    )
    states = ArrayField(
        models.CharField(max_length=8, choices=CustomerState.choices), default=list, blank=True,
        verbose_name=_("states"),
    )  # fmt: skip
    # Numbers of teams (each with all below) and of dictionary entries: one row tells the whole rule.
    teams = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("teams"))
    sources = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("sources"))

    idle_days = models.PositiveSmallIntegerField(
        _("days without activity"), null=True, blank=True,
        help_text=_("Counted from the later of the last activity and the last assignment."),
    )  # fmt: skip
    order_days = models.PositiveSmallIntegerField(
        _("days without order or won opportunity"), null=True, blank=True,
        help_text=_("Counted from the later of the last order and the last assignment."),
    )  # fmt: skip
    needs_both = models.BooleanField(_("only when both are over"), default=False)
    counts_working_days = models.BooleanField(_("count working days only"), default=False)
    warn_days = models.PositiveSmallIntegerField(_("warn so many days before"), default=7)
    fresh_days = models.PositiveSmallIntegerField(
        _("days that a new owner has in any case"), default=0, help_text=_("Counted from the last assignment.")
    )
    # code of a condition (customers.conditions) → its choice, or true
    exempt = models.JSONField(_("kept by"), default=dict, blank=True)

    objects = RecycleRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("recycle rule")
        verbose_name_plural = _("recycle rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(idle_days__isnull=False) | Q(order_days__isnull=False), name="recycle_rule_has_a_limit",
                violation_error_message=_("Set days without activity, days without order, or both."),
            ),
            models.CheckConstraint(
                condition=Q(needs_both=False) | Q(idle_days__isnull=False, order_days__isnull=False),
                name="recycle_rule_both_needs_both",
                violation_error_message=_("To wait for both, set both numbers of days."),
            ),
            models.CheckConstraint(
                condition=(Q(idle_days__isnull=True) | Q(idle_days__range=(1, 3650)))
                & (Q(order_days__isnull=True) | Q(order_days__range=(1, 3650)))
                & Q(warn_days__lte=365, fresh_days__lte=3650),
                name="recycle_rule_days_make_sense",
                violation_error_message=_("Days are at least 1 and at most 3,650; a warning at most 365."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
