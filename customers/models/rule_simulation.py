from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RuleSimulationQuerySet(models.QuerySet["RuleSimulation"]):
    def under_way(self) -> Self:
        return self.filter(finished_at__isnull=True)


class RuleSimulation(models.Model):
    """What a recycle rule would have moved in the weeks before ``asked_at``: asked by a person, counted in the
    background, read on the rule's page. ``result`` as customers.simulate gives it; it names people by number only.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    rule = models.ForeignKey("customers.RecycleRule", models.CASCADE, related_name="simulations", db_index=False)
    # The rule may be changed since: the page says so.
    rule_version = models.PositiveIntegerField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    objects = RuleSimulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("simulation of a rule")
        verbose_name_plural = _("simulations of rules")
        ordering = ["-id"]
        indexes = [
            # The latest one of a rule, on its page.
            models.Index(fields=["rule", "-id"], name="rule_simulation_latest"),
        ]
        constraints = [
            # Two clicks count once.
            models.UniqueConstraint(
                fields=["rule"], condition=Q(finished_at__isnull=True), name="rule_simulation_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"]) ^ Q(finished_at__isnull=False),
                name="rule_simulation_ended_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.asked_at:%Y-%m-%d}"

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None
