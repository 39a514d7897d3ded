"""What a person types of opportunities and products."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company
from crm.forms.lookup import LookupField
from crm.forms.record_form import RecordForm
from sales.models import Opportunity, OpportunityLine, Product, Stage


class OpportunityForm(RecordForm):
    customer = LookupField("customer", required=False, label=_("Customer"))
    contact = LookupField("contact", required=False, label=_("Contact"), help_text=_("A person of this customer."))

    class Meta:
        model = Opportunity
        fields = (
            "name", "customer", "contact", "amount", "currency", "close_on", "probability", "source", "next_step",
            "competitor", "opened_on", "description",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"currency", "probability"} & set(self.fields):
            self.fields[name].required = False
        if self.instance.pk and self.instance.lines.priced().exists():
            for name in ("amount", "currency"):
                self.fields[name].disabled = True
            self.fields["amount"].help_text = _("The sum of the products.")

    def clean_currency(self) -> str:
        return (self.cleaned_data["currency"] or self.instance.currency or Company.get().currency).upper()

    def clean_probability(self) -> int | None:
        typed = self.cleaned_data["probability"]
        return self.instance.probability if typed is None else typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        contact, customer = data.get("contact"), data.get("customer")
        if contact and not customer and "customer" not in self.errors:
            data["customer"] = contact.customer
        elif contact and customer and contact.customer_id != customer.pk:
            self.add_error("contact", ValidationError(_("This contact belongs to another customer."), code="contact"))
        return data


class StageChoice(forms.ModelChoiceField):
    """The stages of the pipelines in use, under their pipeline's name when there are several."""

    def __init__(self, **kwargs: Any) -> None:
        stages = Stage.objects.offered().filter(pipeline__is_active=True)  # unscoped: stages belong to everybody
        super().__init__(queryset=stages.select_related("pipeline").order_by("pipeline__order", "order"), **kwargs)

    def label_from_instance(self, stage: Any) -> str:
        return f"{stage.pipeline.label}: {stage.label}" if self.has_several else stage.label

    @property
    def has_several(self) -> bool:
        return len({stage.pipeline_id for stage in self.queryset}) > 1  # type: ignore[union-attr]


class NewOpportunityForm(OpportunityForm):
    stage = StageChoice(label=_("Stage"))
    owner = LookupField("person", required=False, label=_("Owner"), help_text=_("Empty: you."))

    class Meta(OpportunityForm.Meta):
        fields = (  # type: ignore[assignment]
            "name", "customer", "contact", "amount", "currency", "close_on", "source", "next_step", "competitor",
            "description",
        )  # fmt: skip

    field_order = ("name", "customer", "contact", "stage", "amount", "currency", "close_on", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].empty_label = None  # type: ignore[attr-defined]
        if not access.allows(self.user, "assign", "opportunity"):
            del self.fields["owner"]


class LineForm(forms.Form):
    """A product of an opportunity; an empty price takes the product's own."""

    product = LookupField("product", label=_("Product"))
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.001"), max_digits=14, decimal_places=3, initial=1
    )
    unit_price = forms.DecimalField(
        label=_("Unit price"), min_value=0, max_digits=18, decimal_places=4, required=False,
        help_text=_("Empty: the product's price."),
    )  # fmt: skip
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, user: Any, line: OpportunityLine | None = None, **kwargs: Any) -> None:
        if line:
            kwargs["initial"] = {
                "quantity": line.quantity, "unit_price": line.unit_price, "discount": line.discount or None,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        if line:
            del self.fields["product"]
            self.fields["unit_price"].help_text = ""
        else:
            self.fields["product"].scope_to(user)  # type: ignore[attr-defined]

    def clean_discount(self) -> Decimal:
        return self.cleaned_data["discount"] or Decimal(0)


class ProductForm(RecordForm):
    class Meta:
        model = Product
        fields = (
            "name", "code", "category", "unit", "price", "currency", "cost", "tax_rate", "is_active", "name_zh",
            "name_ru", "description",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].required = False
        if not access.allows(self.user, "see_cost", "quote"):
            del self.fields["cost"]

    def clean_currency(self) -> str:
        return (self.cleaned_data["currency"] or self.instance.currency or Company.get().currency).upper()
