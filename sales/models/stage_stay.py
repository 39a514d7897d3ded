import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from sales.models.opportunity import Opportunity


class StageStayQuerySet(models.QuerySet["StageStay"]):
    def enter(self, opportunity: "Opportunity", at: datetime.datetime) -> None:
        self.create(opportunity=opportunity, stage_id=opportunity.stage_id, entered_at=at)

    def leave(self, opportunity: "Opportunity", at: datetime.datetime) -> None:
        self.filter(opportunity=opportunity, left_at__isnull=True).update(left_at=at)

    def pass_on(self, opportunity: "Opportunity", at: datetime.datetime) -> None:
        """Leaves the stage it stood in and enters the one it stands in now."""
        self.leave(opportunity, at)
        self.enter(opportunity, at)


class StageStay(models.Model):
    """One stay of an opportunity in a stage: the history of its way, and the days for the funnel's medians."""

    opportunity = models.ForeignKey(
        "sales.Opportunity", models.CASCADE, related_name="stays", db_index=False, verbose_name=_("opportunity")
    )
    stage = models.ForeignKey("sales.Stage", models.PROTECT, related_name="+", db_index=False, verbose_name=_("stage"))
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True)
    days = models.GeneratedField(
        expression=Func(F("left_at"), F("entered_at"), template="(EXTRACT(EPOCH FROM %(expressions)s) / 86400)",
                        arg_joiner=" - "),
        output_field=models.DecimalField(max_digits=12, decimal_places=4), db_persist=True, null=True,
        verbose_name=_("days"),
    )  # fmt: skip

    objects = StageStayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stays in stages")
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(left_at__isnull=True), name="stage_stay_open_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="stage_stay_ends_after_it_starts",
            ),
        ]
        indexes = [
            # The way of one opportunity.
            models.Index(fields=["opportunity", "entered_at"], name="stage_stay_of_opportunity"),
            # The funnel's median days in a stage: of the stays of its cohort.
            models.Index(
                fields=["opportunity"], include=["stage", "days"], name="stage_stay_days",
                condition=Q(left_at__isnull=False),
            ),
            # Median days per stage, and conversion of those that left it in a period.
            models.Index(
                fields=["stage", "left_at"], include=["days", "opportunity"], name="stage_stay_left",
                condition=Q(left_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.stage}: {self.entered_at}"
