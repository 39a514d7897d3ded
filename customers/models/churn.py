from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from customers.models.follower import FollowerQuerySet, FollowsCustomer
from customers.states import CHURN_MOVES, ChurnState, CustomerState, Grade
from records.models import Record, Rule, dictionary_key

_LIVE = Q(deleted_at__isnull=True)
_UNSETTLED = Q(state__in=(ChurnState.OPEN, ChurnState.DEFERRED))


class ChurnCaseQuerySet(FollowerQuerySet):
    def unsettled(self) -> Self:
        """Open or deferred: the customer may still leave."""
        return self.filter(_UNSETTLED)


class ChurnCase(FollowsCustomer, Record):
    """A customer that may leave: why we think so, what we do about it, how it ended."""

    kind = "churn"
    access = Path(
        "churn", owned=False, parent="customer", parent_owner="customer_owner", parent_team="customer_team",
        needs_owner=True,
    )  # fmt: skip
    MOVES = CHURN_MOVES
    EDITABLE = ("note",)

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="churn_cases", db_index=False, verbose_name=_("customer")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=ChurnState.choices, default=ChurnState.OPEN, editable=False
    )
    # None: opened by hand. What the rule said stands here too, since rules change.
    rule = models.ForeignKey(
        "customers.ChurnRule", models.SET_NULL, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("rule"),
    )  # fmt: skip
    signal = models.CharField(max_length=40, blank=True, editable=False)
    number = models.DecimalField(max_digits=6, decimal_places=1, null=True, editable=False)
    note = models.CharField(_("what makes us think so"), max_length=500, blank=True)
    opened_on = models.DateField(_("opened"), editable=False)

    measures = models.TextField(_("measures"), blank=True, max_length=2000, editable=False)
    deferred_until = models.DateField(_("deferred until"), null=True, editable=False)

    reason = dictionary_key("churn_reason", verbose_name=_("reason of the loss"), editable=False)
    competitor = models.CharField(_("competitor"), max_length=200, blank=True, editable=False)
    end_note = models.CharField(_("note on the end"), max_length=500, blank=True, editable=False)
    confirmed_on = models.DateField(_("confirmed"), null=True, editable=False)
    # Whose loss it was that day; figures do not move with people.
    owner_at_confirm = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    team_at_confirm = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    # Won back, or kept.
    ended_on = models.DateField(_("ended"), null=True, editable=False)

    objects = ChurnCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("churn case")
        verbose_name_plural = _("churn cases")
        ordering = ["-opened_on", "-id"]
        indexes = [
            # The list of churn cases, newest first.
            models.Index(fields=["customer_owner", "-opened_on", "-id", "state"], name="churn_own", condition=_LIVE),
            models.Index(fields=["customer_team", "-opened_on", "-id", "state"], name="churn_team", condition=_LIVE),
            models.Index(fields=["-opened_on", "-id", "state"], name="churn_all", condition=_LIVE),
            # The cases of one customer: its page, its life cycle, whether a rule may open another one.
            models.Index(fields=["customer", "state"], name="churn_of_customer", condition=_LIVE),
            # What was deferred and comes back.
            models.Index(fields=["deferred_until"], name="churn_deferred", condition=Q(state="deferred") & _LIVE),
            # Losses by their day: the report.
            models.Index(fields=["confirmed_on"], name="churn_confirmed", condition=_LIVE),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=_UNSETTLED & _LIVE, name="churn_one_unsettled",
                violation_error_message=_("This customer has a churn case already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="deferred") | (Q(deferred_until__isnull=False) & ~Q(measures="")),
                name="churn_deferred_has_measures_and_a_date",
                violation_error_message=_("Say what is done and until when."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("confirmed", "won_back"), reason__isnull=False, confirmed_on__isnull=False)
                | Q(state__in=("open", "deferred", "kept"), reason__isnull=True, confirmed_on__isnull=True),
                name="churn_confirmed_has_a_reason",
                violation_error_message=_("A lost customer has a reason and a date."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("won_back", "kept"), ended_on__isnull=False)
                | Q(state__in=("open", "deferred", "confirmed"), ended_on__isnull=True),
                name="churn_ended_has_its_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.customer)

    @property
    def is_unsettled(self) -> bool:
        return self.state in (ChurnState.OPEN, ChurnState.DEFERRED)


class ChurnRuleQuerySet(models.QuerySet["ChurnRule"]):
    def in_force(self) -> Self:
        return self.filter(is_active=True).order_by("order", "id")


class ChurnRule(Rule):
    """For customers of some kind: the sign by which a case is opened. Empty lists name every kind."""

    kind = "churn_rule"
    EDITABLE = ("name", "order", "signal", "number", "grades", "states", "teams", "rest_days", "is_active")

    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("place"), default=10)
    is_active = models.BooleanField(_("active"), default=False)
    # A name of customers.churn.signs.
    signal = models.CharField(_("sign"), max_length=40)
    number = models.DecimalField(
        _("number"), max_digits=6, decimal_places=1, default=2,
        validators=[MinValueValidator(0.1), MaxValueValidator(3650)],
    )  # fmt: skip
    grades = ArrayField(
        models.CharField(max_length=1, choices=Grade.choices), default=list, blank=True, verbose_name=_("grades")
    )
    states = ArrayField(
        models.CharField(max_length=8, choices=CustomerState.choices), default=list, blank=True,
        verbose_name=_("states"),
    )  # fmt: skip
    teams = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("teams"))
    rest_days = models.PositiveSmallIntegerField(
        _("days of rest"), default=90,
        help_text=_("After a case ended, so many days pass before a rule opens another one."),
    )  # fmt: skip

    objects = ChurnRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("churn rule")
        verbose_name_plural = _("churn rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gt=0, number__lte=3650, rest_days__lte=3650), name="churn_rule_numbers_make_sense",
                violation_error_message=_("Numbers are above 0 and at most 3,650."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def kind_of_customer(self, teams: list[int]) -> dict[str, Any]:
        """The filter of the customers that it is for; ``teams``: those it names with all below."""
        named = {"grade__in": self.grades, "state__in": self.states, "team_id__in": teams}
        return {lookup: values for lookup, values in named.items() if values}
