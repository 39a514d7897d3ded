from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from crm.money import CurrencyField
from crm.versioned import Versioned


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name}, code="time_zone")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Company(Versioned):
    """The company that runs this system: exactly one row. Reports count days of its zone, in its currency.

    What stands on documents: ``legal_name`` (else the name), address, tax numbers, bank, logo and stamp.
    """

    kind = "company"
    EDITABLE = (
        "name", "legal_name", "street", "postcode", "city", "country", "tax_number", "vat_number", "register_entry",
        "phone", "email", "website", "bank_name", "bank_account", "bank_code", "currency", "time_zone", "language",
        "fiscal_year_starts", "working_days", "day_starts_at", "day_ends_at", "has_public_holidays",
        "tells_existence", "logo", "stamp",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=200, default="Tidewell")
    currency = CurrencyField(_("currency"), default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=255, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    # As the country has them: ИНН and КПП, 统一社会信用代码, Steuernummer; the VAT id of the European Union apart.
    tax_number = models.CharField(_("tax number"), max_length=60, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    register_entry = models.CharField(_("register entry"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("account or IBAN"), max_length=60, blank=True)
    bank_code = models.CharField(_("bank code, BIC or БИК"), max_length=40, blank=True)
    # Files of the media store: PNG or JPEG, checked by records.company.
    logo = models.FileField(_("logo"), upload_to="company/", max_length=200, blank=True)
    stamp = models.FileField(_("stamp"), upload_to="company/", max_length=200, blank=True)
    fiscal_year_starts = models.PositiveSmallIntegerField(_("month in which the fiscal year starts"), default=1)
    # Whether duplicate and price checks may tell of a record out of reach (records.existence).
    tells_existence = models.BooleanField(_("tell that a record exists out of reach"), default=True)
    # Reads phone numbers without a country code; ISO 3166.
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    # Monday is 0; days of rest of the working calendar besides the country's public holidays.
    working_days = models.JSONField(_("working days"), default=list, blank=True)
    day_starts_at = models.TimeField(_("working day starts"), default="09:00")
    day_ends_at = models.TimeField(_("working day ends"), default="18:00")
    has_public_holidays = models.BooleanField(_("public holidays of the country are days off"), default=True)
    # Day as ISO text → {"works": false, "name": "…"}: the company's own days off and working days in exchange. On this
    # row, since every rule that counts days has it at hand; written by records.working_calendar.
    own_days = models.JSONField(_("own days of the working calendar"), default=dict, blank=True, editable=False)

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
            models.CheckConstraint(
                condition=Exact(models.Func("own_days", function="jsonb_typeof", output_field=models.TextField()),
                                models.Value("object")),
                name="company_own_days_by_day",
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_starts__range=(1, 12)), name="company_fiscal_year_starts_in_a_month",
                violation_error_message=_("A fiscal year starts in one of twelve months."),
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
    def title(self) -> str:
        """The name that stands on documents."""
        return self.legal_name or self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def days(self) -> frozenset[int]:
        """Working days of a week, Monday 0 … Sunday 6."""
        return frozenset(self.working_days or (0, 1, 2, 3, 4))
