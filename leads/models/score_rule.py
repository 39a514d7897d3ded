from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.models import Rule

# The range of a score: what all rules give together is cut off there.
LEAST, MOST = 0, 100


class ScoreRuleQuerySet(models.QuerySet["ScoreRule"]):
    def in_order(self) -> Self:
        return self.order_by("order", "pk")

    def in_force(self) -> Self:
        return self.filter(is_active=True).in_order()


class ScoreRule(Rule):
    """Points for every lead of which one fact holds. What a fact asks: leads.scoring.facts."""

    kind = "score_rule"
    EDITABLE = ("name", "entries", "codes", "words", "at_least", "at_most", "points", "order", "is_active")

    name = models.CharField(_("name"), max_length=120)
    fact = models.CharField(_("fact"), max_length=24, editable=False)
    # Of these, a fact uses what it asks for: ids of dictionary entries; codes; words; a range with both ends.
    entries = ArrayField(models.BigIntegerField(), verbose_name=_("any of"), default=list, blank=True)
    codes = ArrayField(models.CharField(max_length=10), verbose_name=_("any of"), default=list, blank=True)
    words = models.CharField(_("any of these words, with commas between them"), max_length=200, blank=True)
    at_least = models.DecimalField(
        _("from"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    at_most = models.DecimalField(
        _("to"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    points = models.SmallIntegerField(
        _("points"), validators=[MinValueValidator(-MOST), MaxValueValidator(MOST)],
        help_text=_("From −100 to 100. A score is the sum of all points, and lies between 0 and 100."),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    is_active = models.BooleanField(_("switched on"), default=False)

    objects = ScoreRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("score rule")
        verbose_name_plural = _("score rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__range=(-MOST, MOST)) & ~Q(points=0), name="score_rule_gives_points",
                violation_error_message=_("A rule gives from −100 to 100 points, and not none."),
            ),
            models.CheckConstraint(
                condition=Q(at_least__isnull=True) | Q(at_most__isnull=True) | Q(at_most__gte=F("at_least")),
                name="score_rule_range_runs_upwards",
                violation_error_message=_("The range ends before it starts."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ScoreLimits(Rule):
    """From which score on a lead is hot or warm, and how far the sweep has come: one row for the company.

    ``rules_version`` grows with each change that moves scores; the sweep notes which one it went by, and for which day.
    """

    kind = "score_limits"
    EDITABLE = ("hot_from", "warm_from")

    hot_from = models.PositiveSmallIntegerField(
        _("hot from"), default=60, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    warm_from = models.PositiveSmallIntegerField(
        _("warm from"), default=30, validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("Below, a lead is cold."),
    )  # fmt: skip

    rules_version = models.PositiveIntegerField(default=0, editable=False)
    swept_version = models.PositiveIntegerField(default=0, editable=False)
    swept_on = models.DateField(null=True, editable=False)
    # The last lead of a sweep that has not ended; none between sweeps.
    swept_to = models.BigIntegerField(null=True, editable=False)

    objects: ClassVar[models.Manager["ScoreLimits"]] = models.Manager()

    class Meta:
        verbose_name = _("limits of the rating")
        verbose_name_plural = _("limits of the rating")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="score_limits_are_one"),
            models.CheckConstraint(
                condition=Q(warm_from__gte=1, hot_from__lte=MOST, hot_from__gt=F("warm_from")),
                name="score_limits_rise",
                violation_error_message=_("Hot begins above warm, and both lie between 1 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def get(cls) -> "ScoreLimits":
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def locked(cls) -> "ScoreLimits":
        """Until the transaction ends nobody else sweeps, and no rule changes."""
        cls.get()
        return cls.objects.select_for_update().get(pk=1)
