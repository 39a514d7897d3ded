from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach
from crm.money import AmountField
from crm.versioned import Versioned


class AssignmentRuleQuerySet(models.QuerySet["AssignmentRule"]):
    def for_user(self, user: Any) -> Self:
        """The rules that a person may read and change: all, or those of her teams."""
        reach = access.reach_of(user, "rules", "change")
        if reach == Reach.ALL:
            return self
        return self.filter(team_id__in=access.team_ids_of(user)) if reach == Reach.TEAM else self.none()

    def in_order(self) -> Self:
        return self.order_by("order", "pk")


class AssignmentRule(Versioned):
    """Who gets which new leads. The first active rule whose conditions a lead meets decides, in order.

    A rule of a team sees only the leads in that team's queue; a rule without team sees all.
    """

    kind = "assignment_rule"
    EDITABLE = (
        "name", "team", "sources", "regions", "industries", "campaigns", "languages", "countries", "min_value",
        "min_score", "strategy", "second_strategy", "measured_days", "least_sample", "tries_percent", "contact_within",
        "in_working_hours", "fallback",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("switched on"), default=False)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Empty: for the leads of the whole company."),
    )  # fmt: skip

    # Conditions: all that are set must hold; an empty list asks nothing. Ids of dictionary entries.
    sources = ArrayField(models.BigIntegerField(), verbose_name=_("sources"), default=list, blank=True)
    regions = ArrayField(models.BigIntegerField(), verbose_name=_("regions"), default=list, blank=True)
    industries = ArrayField(models.BigIntegerField(), verbose_name=_("industries"), default=list, blank=True)
    # As they stand on leads; capital letters make no difference.
    campaigns = ArrayField(models.CharField(max_length=120), verbose_name=_("campaigns"), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    min_value = AmountField(
        _("estimated value from"), null=True, blank=True, validators=[MinValueValidator(Decimal(0))],
        help_text=_("In the company's currency; leads in another currency do not match."),
    )  # fmt: skip
    min_score = models.PositiveSmallIntegerField(
        _("score from"), null=True, blank=True, validators=[MaxValueValidator(32_767)]
    )

    # How people are chosen (leads.strategies).
    strategy = models.CharField(_("way to choose"), max_length=24, default="round_robin")
    # For the way that may find nobody (leads.sticky).
    second_strategy = models.CharField(
        _("else"), max_length=24, default="round_robin",
        help_text=_("For leads of customers that we do not know, or whose owner cannot take them."),
    )  # fmt: skip
    # For the way that measures (leads.best_converter).
    measured_days = models.PositiveSmallIntegerField(
        _("days that are measured"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    least_sample = models.PositiveSmallIntegerField(
        _("closed leads at least"), default=20, validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Who closed fewer in these days is not measured yet."),
    )  # fmt: skip
    tries_percent = models.PositiveSmallIntegerField(
        _("percent for the others"), default=20, validators=[MaxValueValidator(50)],
        help_text=_("This share goes in turn to those who are not the best, so that they can be measured too."),
    )  # fmt: skip
    in_working_hours = models.BooleanField(
        _("only in working hours"), default=False,
        help_text=_("By the company's working calendar, in each person's time zone."),
    )  # fmt: skip
    fallback = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("when nobody fits"),
        help_text=_("Empty: the lead waits in the queue, with the reason."),
    )  # fmt: skip
    contact_within = models.PositiveIntegerField(
        _("first contact within, minutes"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24 * 90)],
        help_text=_("Not contacted in time: the lead goes to the next person. Empty: no limit."),
    )  # fmt: skip

    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AssignmentRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact_within__isnull=True) | Q(contact_within__gt=0), name="rule_limit_is_positive",
                violation_error_message=_("The limit for the first contact is at least one minute."),
            ),
            models.CheckConstraint(
                condition=~Q(second_strategy="sticky"), name="rule_second_way_finds_somebody",
                violation_error_message=_("The second way must be one that finds somebody for every lead."),
            ),
            models.CheckConstraint(
                condition=Q(measured_days__range=(1, 730), least_sample__gte=1, tries_percent__lte=50),
                name="rule_measures_something",
                violation_error_message=_("Measure 1 to 730 days and at least one lead; keep at most half for others."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RuleMemberQuerySet(models.QuerySet["RuleMember"]):
    def for_rule(self, rule: AssignmentRule | None) -> Self:
        return self.filter(rule=rule).order_by("user__name", "pk") if rule else self.none()


class RuleMember(models.Model):
    """A person who takes part in a rule, with her place in the ring."""

    rule = models.ForeignKey(AssignmentRule, models.CASCADE, related_name="members")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="rule_memberships", verbose_name=_("person"))
    is_active = models.BooleanField(_("takes part"), default=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    holding_cap = models.PositiveIntegerField(
        _("open leads at most"), null=True, blank=True, help_text=_("All open leads of the person count.")
    )
    daily_cap = models.PositiveIntegerField(_("leads a day at most"), null=True, blank=True)

    # The ring: the member with the lowest position is next. Set to the ring's highest for whoever could not take
    # part, so that nobody is flooded on the day she returns.
    position = models.DecimalField(max_digits=24, decimal_places=9, default=0, editable=False)
    # How many this rule has given, in all and on ``day``; for the daily cap and for fairness figures.
    given = models.PositiveBigIntegerField(_("given"), default=0, editable=False)
    given_today = models.PositiveIntegerField(default=0, editable=False)
    day = models.DateField(null=True, editable=False)

    objects = RuleMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a rule")
        verbose_name_plural = _("members of a rule")
        ordering = ["rule_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "user"], name="rule_member_once",
                violation_error_message=_("This person takes part already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1), name="rule_member_weight_is_positive",
                violation_error_message=_("The weight is at least 1."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule} – {self.user}"
