"""What a person types of quotes, orders and their lines."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.lookup import LookupField
from crm.forms.record_form import RecordForm
from sales.business_day import today, today_of_company
from sales.models import Order, PriceList, Quote
from sales.models.quote_policy import valid_days

TALL = forms.Textarea(attrs={"rows": 3})


class DocumentForm(RecordForm):
    """Whatever is left empty at first is taken from the customer and the company."""

    contact = LookupField("contact", required=False, label=_("Contact"), help_text=_("A person of this customer."))
    opportunity = LookupField("opportunity", required=False, label=_("Opportunity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].required = False
            if self.instance.pk and self.instance.lines.exists():
                self.fields["currency"].disabled = True
                self.fields["currency"].help_text = _("The currency of the lines.")

    def clean_currency(self) -> str:
        return (self.cleaned_data["currency"] or self.instance.currency or "").upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        customer = data.get("customer") or (self.instance.customer if self.instance.customer_id else None)
        for name in ("contact", "opportunity"):
            chosen = data.get(name)
            if customer and chosen and chosen.customer_id != customer.pk:
                self.add_error(name, ValidationError(_("This belongs to another customer."), code="customer"))
        return data

    def typed(self) -> dict[str, Any]:
        """The values for a new document, without those left empty."""
        return {name: value for name, value in self.values().items() if value not in (None, "")}


class QuoteForm(DocumentForm):
    class Meta:
        model = Quote
        fields = (
            "contact", "opportunity", "valid_until", "language", "currency", "prices_include_tax", "intro", "terms",
        )  # fmt: skip
        widgets = {"intro": TALL, "terms": TALL}


class NewQuoteForm(QuoteForm):
    customer = LookupField("customer", label=_("Customer"))

    field_order = ("customer", "contact", "opportunity")

    class Meta(QuoteForm.Meta):
        fields = ("customer", *QuoteForm.Meta.fields)  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].required = False
        language = self.fields["language"]
        language.choices = [("", _("The customer's")), *language.choices]  # type: ignore[attr-defined]
        self.initial["language"] = ""
        self.initial.setdefault("valid_until", today_of_company(timezone.now()) + datetime.timedelta(days=valid_days()))


class OrderForm(DocumentForm):
    class Meta:
        model = Order
        fields = (
            "contact", "opportunity", "ordered_on", "their_number", "currency", "prices_include_tax", "terms",
        )  # fmt: skip
        widgets = {"terms": TALL}


class NewOrderForm(OrderForm):
    customer = LookupField("customer", label=_("Customer"))

    field_order = ("customer", "contact", "opportunity")

    class Meta(OrderForm.Meta):
        fields = ("customer", *OrderForm.Meta.fields)  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ordered_on", today_of_company(timezone.now()))


class AddLineForm(forms.Form):
    """A line of a draft: a product, or words of one's own. What is left empty comes from the product."""

    product = LookupField("product", required=False, label=_("Product"))
    name = forms.CharField(label=_("Or in words"), max_length=255, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.001"), max_digits=14, decimal_places=3, initial=1
    )
    unit_price = forms.DecimalField(label=_("Unit price"), min_value=0, max_digits=18, decimal_places=4, required=False)
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    tax_rate = forms.DecimalField(
        label=_("Tax, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )

    price_list = forms.ModelChoiceField(
        label=_("Price list"), queryset=PriceList.objects.none(), required=False,
        empty_label=_("The product's own price"),
    )  # fmt: skip

    field_order = ("product", "name", "price_list")

    def __init__(self, *args: Any, user: Any, document: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].scope_to(user)  # type: ignore[attr-defined]
        lists = PriceList.objects.on(today()).filter(currency=document.currency)  # unscoped: prices are for all
        self.fields["price_list"].queryset = lists  # type: ignore[attr-defined]
        if not lists.exists():
            del self.fields["price_list"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("product"):
            if not data.get("name"):
                self.add_error("name", ValidationError(_("Choose a product or write a name."), code="required"))
            if data.get("unit_price") is None:
                self.add_error("unit_price", ValidationError(_("Type a price."), code="required"))
        return data

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class ChangeLineForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=255)
    description = forms.CharField(label=_("Description"), required=False, widget=TALL)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    quantity = forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=14, decimal_places=3)
    unit_price = forms.DecimalField(label=_("Unit price"), min_value=0, max_digits=18, decimal_places=4)
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    tax_rate = forms.DecimalField(
        label=_("Tax, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )

    def values(self) -> dict[str, Any]:
        zero = Decimal(0)
        return {**self.cleaned_data, **{name: self.cleaned_data[name] or zero for name in ("discount", "tax_rate")}}
