from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.money import CurrencyField


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name}, code="time_zone")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Company(models.Model):
    """The company that runs this system: exactly one row. Reports count days of its zone, in its currency."""

    name = models.CharField(_("name"), max_length=200, default="Tidewell")
    currency = CurrencyField(_("currency"), default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    # Reads phone numbers without a country code; ISO 3166.
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    # Monday is 0; days of rest of the working calendar besides the country's public holidays.
    working_days = models.JSONField(_("working days"), default=list, blank=True)
    day_starts_at = models.TimeField(_("working day starts"), default="09:00")
    day_ends_at = models.TimeField(_("working day ends"), default="18:00")
    has_public_holidays = models.BooleanField(_("public holidays of the country are days off"), default=True)

    objects: ClassVar[models.Manager["Company"]] = models.Manager()

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profile")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="company_is_one"),
            models.CheckConstraint(
                condition=models.Q(day_ends_at__gt=models.F("day_starts_at")), name="company_day_ends_after_it_starts",
                violation_error_message=_("The working day ends after it starts."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def get(cls) -> "Company":
        company, is_new = cls.objects.get_or_create(pk=1)
        if is_new:
            company.refresh_from_db()  # times as times, not as the text of their defaults
        return company

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def days(self) -> frozenset[int]:
        """Working days of a week, Monday 0 … Sunday 6."""
        return frozenset(self.working_days or (0, 1, 2, 3, 4))
