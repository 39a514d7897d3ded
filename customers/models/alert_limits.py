from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models import Rule


class AlertLimits(Rule):
    """When an owner is reminded of a customer, and when the supervisor hears of it too: one row for the company."""

    kind = "alert_limits"
    EDITABLE = (
        "never_days", "idle_days_a", "idle_days_b", "idle_days_c", "idle_days_d", "escalate_days",
        "counts_working_days",
    )  # fmt: skip

    never_days = models.PositiveSmallIntegerField(
        _("days until the first contact"), null=True, blank=True, default=3, help_text=_("Empty: no reminder.")
    )
    idle_days_a = models.PositiveSmallIntegerField(
        _("days without contact, grade A"), null=True, blank=True, default=14
    )
    idle_days_b = models.PositiveSmallIntegerField(
        _("days without contact, grade B"), null=True, blank=True, default=30
    )
    idle_days_c = models.PositiveSmallIntegerField(
        _("days without contact, grade C"), null=True, blank=True, default=60
    )
    idle_days_d = models.PositiveSmallIntegerField(_("days without contact, grade D"), null=True, blank=True)
    escalate_days = models.PositiveSmallIntegerField(
        _("days until the supervisor is told"), null=True, blank=True, default=3, help_text=_("Empty: never.")
    )
    counts_working_days = models.BooleanField(_("count working days only"), default=False)

    objects: ClassVar[models.Manager["AlertLimits"]] = models.Manager()

    class Meta:
        verbose_name = _("limits of reminders")
        verbose_name_plural = _("limits of reminders")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="alert_limits_are_one")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def get(cls) -> "AlertLimits":
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def idle_days(self) -> dict[str, int]:
        """Grade → days, for the grades that have a limit."""
        days = {"A": self.idle_days_a, "B": self.idle_days_b, "C": self.idle_days_c, "D": self.idle_days_d}
        return {grade: number for grade, number in days.items() if number}
