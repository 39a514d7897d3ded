"""What is typed about the company and about choices."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import time_zones
from accounts.models import Company
from crm.forms import RecordForm
from crm.iban import is_iban, looks_like_iban, spaced
from crm.places import countries
from records.company import IMAGES, check_image, refusal_of_currency
from records.models import DictionaryEntry


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%H:%M")


class CompanyForm(RecordForm):
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    fiscal_year_starts = forms.TypedChoiceField(
        label=gettext_lazy("Fiscal year starts in"), coerce=int, choices=list(MONTHS.items())
    )
    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days"), coerce=int, choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("Choose at least one day.")},
    )  # fmt: skip
    accepts_zone = forms.BooleanField(
        label=gettext_lazy("Count days in the new time zone from now on"), required=False,
    )  # fmt: skip

    class Meta:
        model = Company
        fields = (
            "name", "legal_name", "street", "postcode", "city", "country", "phone", "email", "website", "tax_number",
            "vat_number", "register_entry", "bank_name", "bank_account", "bank_code", "currency", "time_zone",
            "language", "fiscal_year_starts", "working_days", "day_starts_at", "day_ends_at", "has_public_holidays",
            "tells_existence",
        )  # fmt: skip
        widgets = {"day_starts_at": TimeInput(), "day_ends_at": TimeInput()}
        help_texts = {
            "name": gettext_lazy("As people call it; stands in the product."),
            "legal_name": gettext_lazy("Stands on quotes and invoices. Empty: the name."),
            "currency": gettext_lazy("Figures and reports are in this currency."),
            "language": gettext_lazy("Of notices and reports that the system writes by itself."),
            "country": gettext_lazy(
                "Its public holidays; phone numbers without a country code are read as its numbers."
            ),
            "tells_existence": gettext_lazy(
                "Whoever enters a duplicate learns of a record out of reach: kind, name, owner, date. No link, no "
                "contact data; logged; thirty an hour for each person."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "–"), *countries()]
        zones = [(code, name) for code, name in time_zones() if code]
        held = self.instance.time_zone
        self.fields["time_zone"].choices = zones if held in dict(zones) else [(held, held), *zones]
        self.initial["working_days"] = sorted(self.instance.days)
        self.asks_zone = False

    def clean_currency(self) -> str:
        wanted = self.cleaned_data["currency"].upper()
        if refusal := refusal_of_currency(self._held, wanted):
            raise ValidationError(refusal, code="currency")
        return wanted

    def clean_bank_account(self) -> str:
        typed = self.cleaned_data["bank_account"].strip()
        if not looks_like_iban(typed):
            return typed
        if not is_iban(typed):
            raise ValidationError(_("This IBAN has a wrong digit: its check digits do not fit."), code="iban")
        return spaced(typed)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("day_starts_at"), data.get("day_ends_at")
        if starts and ends and ends <= starts:
            self.add_error("day_ends_at", _("The working day ends after it starts."))
        if data.get("time_zone", self._held.time_zone) != self._held.time_zone and not data.get("accepts_zone"):
            self.asks_zone = True
            self.add_error(
                "time_zone",
                _("Reports, due dates and the nightly rules will count their days in the new zone; what was done "
                  "around midnight may fall on another day than before. Tick the box below if you want that."),
            )  # fmt: skip
        return data

    @property
    def _held(self) -> Company:
        """As stored: the form writes what is typed into its instance."""
        return Company.get()


class ImageForm(forms.Form):
    image = forms.FileField(
        label=gettext_lazy("Image"), widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"})
    )

    def __init__(self, *args: Any, which: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{which}_%s", **kwargs)
        self.fields["image"].label = IMAGES[which]

    def clean_image(self) -> Any:
        check_image(self.cleaned_data["image"])
        return self.cleaned_data["image"]


class EntryForm(RecordForm):
    class Meta:
        model = DictionaryEntry
        fields = ("name", "name_zh", "name_ru", "is_active")
        help_texts = {
            "name_zh": gettext_lazy("Empty: the first name is shown."),
            "name_ru": gettext_lazy("Empty: the first name is shown."),
            "is_active": gettext_lazy("Switched off, it is no longer offered; records that have it keep it."),
        }


class NewEntryForm(EntryForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=48, required=False,
        help_text=gettext_lazy("For import and API; Latin letters, digits, - and _. Empty: made from the name."),
    )  # fmt: skip

    class Meta(EntryForm.Meta):
        fields = ("name", "name_zh", "name_ru")  # type: ignore[assignment]
