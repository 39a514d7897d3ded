from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models import Rule

LONGEST = 365  # days, unless the company says otherwise


class ProtectionLimits(Rule):
    """How many customers a person may keep from the recycle rules at once, and for how long: one row for the company.

    Of the company and not of a pool: a protected customer lies in no pool, and its protection holds against the rules
    of all of them (ADR 12).
    """

    kind = "protection_limits"
    EDITABLE = ("most_at_once", "most_days")

    most_at_once = models.PositiveIntegerField(
        _("customers a person may protect at once"), null=True, blank=True,
        help_text=_("Counts the protected customers that the person owns, whoever protected them. Empty: no limit."),
    )  # fmt: skip
    most_days = models.PositiveSmallIntegerField(
        _("days that a protection may last"), default=LONGEST, help_text=_("Each one has an end; it can be renewed.")
    )

    objects: ClassVar[models.Manager["ProtectionLimits"]] = models.Manager()

    class Meta:
        verbose_name = _("limits of protection")
        verbose_name_plural = _("limits of protection")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="protection_limits_are_one"),
            models.CheckConstraint(
                condition=models.Q(most_days__range=(1, 3650)), name="protection_days_make_sense",
                violation_error_message=_("A protection lasts from 1 to 3,650 days."),
            ),
            models.CheckConstraint(
                condition=models.Q(most_at_once__isnull=True) | models.Q(most_at_once__gte=1),
                name="protection_cap_makes_sense",
                violation_error_message=_("At least one customer, or empty for no limit."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def get(cls) -> "ProtectionLimits":
        return cls.objects.get_or_create(pk=1)[0]
