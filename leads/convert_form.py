"""What is asked before a lead becomes a customer: a new one or a known one, with an opportunity or without."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company
from crm.forms.inputs import DayInput
from crm.forms.lookup import LookupField
from crm.money import validate_currency
from customers.models import Customer
from leads.models import Lead
from sales.models import Stage

NEW, OTHER = "new", "other"


class ConvertForm(forms.Form):
    """``found``: customers within reach that may be the same; each is offered by name."""

    customer = forms.ChoiceField(label=_("Customer"), widget=forms.RadioSelect)
    other = LookupField("customer", label=_("Another customer"), required=False)
    with_opportunity = forms.BooleanField(label=_("Also open an opportunity"), required=False)
    name = forms.CharField(label=_("Name of the opportunity"), max_length=255, required=False)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), required=False, empty_label=None)
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=18, decimal_places=4, min_value=0, required=False, localize=False
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    close_on = forms.DateField(label=_("Expected close"), required=False, widget=DayInput)

    def __init__(self, *args: Any, lead: Lead, user: Any, found: Sequence[Customer], **kwargs: Any) -> None:
        self.lead, self.user = lead, user
        self.found = {str(one.pk): one for one in found if one.owner_id}
        super().__init__(*args, initial=self._initial(), **kwargs)
        self.fields["other"].scope_to(user)
        self.fields["stage"].queryset = stages()
        choices = [(NEW, _("a new customer: %(name)s") % {"name": lead.company or lead.name})]
        choices += [(pk, one.name) for pk, one in self.found.items()]
        self.fields["customer"].choices = [*choices, (OTHER, _("another known customer:"))]
        if not access.allows(user, "create", "opportunity"):
            for name in ("with_opportunity", "name", "stage", "amount", "currency", "close_on"):
                del self.fields[name]

    def _initial(self) -> dict[str, Any]:
        """Joining the best match is offered first, so that nobody makes a second customer in haste."""
        lead = self.lead
        return {
            "customer": next(iter(self.found), NEW),
            "with_opportunity": True,
            "name": lead.company or lead.name,
            "amount": lead.estimated_value,
            "currency": lead.currency or Company.get().currency,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("customer") == OTHER and not values.get("other") and "other" not in self.errors:
            self.add_error("other", _("Say which customer."))
        if values.get("with_opportunity") and not values.get("name"):
            self.add_error("name", _("Give the opportunity a name."))
        return values

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].strip().upper()
        if code:
            validate_currency(code)
        return code

    def chosen_customer(self) -> Customer | None:
        chosen = self.cleaned_data["customer"]
        return self.cleaned_data["other"] if chosen == OTHER else self.found.get(chosen)

    def opportunity(self) -> dict[str, Any] | None:
        """Its fields, or None for none."""
        if not self.cleaned_data.get("with_opportunity"):
            return None
        names = ("name", "stage", "amount", "currency", "close_on")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) not in (None, "")}


def stages() -> Any:
    """All open stages, pipeline by pipeline."""
    return (
        Stage.objects.filter(pipeline__is_active=True).select_related("pipeline").order_by("pipeline__order", "order")
    )
