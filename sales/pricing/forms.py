"""What is typed of price lists, prices, rates, the rule for quotes and the numbers of documents."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import Company
from crm.forms import RecordForm
from crm.forms.inputs import DayInput
from crm.forms.lookup import LookupField
from sales.models import ExchangeRate, NumberSeries, Price, PriceList, QuotePolicy
from sales.models.number_series import validate_pattern

ROLE = "role_"


class PriceListForm(RecordForm):
    class Meta:
        model = PriceList
        fields = ("name", "currency", "is_gross", "valid_from", "valid_to", "is_active")
        help_texts = {
            "is_gross": gettext_lazy("On a document with net prices the tax is taken off, and the other way round."),
            "valid_from": gettext_lazy("Empty: since ever."),
            "valid_to": gettext_lazy("The last day. Empty: without end."),
            "is_active": gettext_lazy("Switched off, it is no longer offered on quotes and orders."),
        }

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()


class PriceForm(RecordForm):
    class Meta:
        model = Price
        fields = ("amount", "from_quantity", "valid_from", "valid_to")
        help_texts = {
            "from_quantity": gettext_lazy("A larger quantity may have another price: add a line for it."),
            "valid_from": gettext_lazy("Empty: since ever."),
            "valid_to": gettext_lazy("The last day. Empty: without end."),
        }

    def __init__(self, *args: Any, price_list: PriceList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.price_list = price_list
        self.fields["amount"].label = _("Price, %(currency)s") % {"currency": price_list.currency}


class NewPriceForm(PriceForm):
    product = LookupField("product", label=gettext_lazy("Product"))

    field_order = ("product", "amount")

    class Meta(PriceForm.Meta):
        fields = ("product", *PriceForm.Meta.fields)  # type: ignore[assignment]


class RateForm(forms.Form):
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, min_length=3)
    valid_from = forms.DateField(label=gettext_lazy("From the day"), widget=DayInput())
    rate = forms.DecimalField(
        label=gettext_lazy("Rate"), max_digits=20, decimal_places=10, min_value=Decimal("0.0000000001")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Company.get().currency
        self.fields["rate"].help_text = _("What one unit is worth in %(currency)s.") % {"currency": own}

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].upper()
        ExchangeRate._meta.get_field("currency").run_validators(code)
        return code


class QuotePolicyForm(RecordForm):
    """The limits for everybody, and one box per role that may have another one."""

    class Meta:
        model = QuotePolicy
        fields = ("discount_limit", "amount_limit", "margin_limit", "drop_limit", "validity_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Company.get().currency
        self.fields["amount_limit"].label = _("Net amount without approval, %(currency)s") % {"currency": own}
        for pk, name in access.role_names().items():
            self.fields[f"{ROLE}{pk}"] = forms.DecimalField(
                label=name, min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
            )
            self.initial[f"{ROLE}{pk}"] = _decimal(self.instance.role_limits.get(str(pk)))

    @property
    def of_roles(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(ROLE)]

    def values(self) -> dict[str, Any]:
        typed = {name: value for name, value in self.cleaned_data.items() if name.startswith(ROLE)}
        limits = {name.removeprefix(ROLE): _text(value) for name, value in typed.items() if value is not None}
        return {**super().values(), "role_limits": limits}


class SeriesForm(forms.ModelForm):
    class Meta:
        model = NumberSeries
        fields = ("pattern",)
        help_texts = {
            "pattern": gettext_lazy("{number} is counted from one each year, {number:05} with zeros; {year} the year."),
        }

    def clean_pattern(self) -> str:
        validate_pattern(self.cleaned_data["pattern"])
        return self.cleaned_data["pattern"]


def _decimal(text: Any) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")
