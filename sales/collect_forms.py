"""What a person types about the payment of an order: the plan, and money that came in."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms.inputs import DayInput
from sales.collect import Part
from sales.models import Instalment, Order

ROWS = 6
STEP = datetime.timedelta(days=30)
THIRD = Decimal("33.33")
PRESETS = {"whole": [Decimal(100)], "halves": [Decimal(50)] * 2, "thirds": [THIRD, THIRD, 100 - 2 * THIRD]}


class PartForm(forms.Form):
    percent = forms.DecimalField(
        label=_("Percent"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2, required=False
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=DayInput())
    condition = forms.CharField(label=_("Condition"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("percent") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", ValidationError(_("When is this part due?"), code="required"))
        return data


PlanForm = forms.formset_factory(PartForm, extra=ROWS, max_num=ROWS, validate_max=True)


def first_plan(order: Order, today: datetime.date) -> Any:
    """The plan there is, else the whole in thirty days."""
    rows = [_row(one, order) for one in order.instalments.all()] or preset("whole", today)
    return PlanForm(initial=rows, prefix="plan")


def preset(name: str, today: datetime.date) -> list[dict[str, Any]]:
    return [{"percent": part, "due_on": today + STEP * place} for place, part in enumerate(PRESETS[name], start=1)]


def parts_of(form: Any) -> list[Part]:
    rows = [row for row in form.cleaned_data if row.get("percent")]
    return [Part(row["percent"], row["due_on"], row["condition"]) for row in rows]


def _row(one: Instalment, order: Order) -> dict[str, Any]:
    percent = (one.amount * 100 / order.gross).quantize(Decimal("0.01"))
    return {"percent": percent, "due_on": one.due_on, "condition": one.condition}


class ReceiptForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.0001"), max_digits=18, decimal_places=4)
    received_on = forms.DateField(label=_("Received"), widget=DayInput())
    reference = forms.CharField(label=_("Reference"), max_length=120, required=False)
    instalment = forms.ModelChoiceField(
        Instalment.objects.none(), label=_("For"), required=False, empty_label=_("the oldest open one")
    )

    def __init__(
        self, order: Order, data: Any = None, *, today: datetime.date, instalment: Instalment | None = None
    ) -> None:
        open_ones = order.instalments.open()
        first = instalment or open_ones.order_by("due_on", "position").first()
        amount = plain_amount(first.outstanding) if first and first.outstanding else None
        super().__init__(data, initial={"received_on": today, "amount": amount, "instalment": instalment})
        self.today = today
        field: Any = self.fields["instalment"]
        # A second click comes when the instalment is paid already.
        field.queryset = (open_ones if data is None else order.instalments.all()).order_by("position")
        field.label_from_instance = lambda one: str(one.position)

    def clean_received_on(self) -> datetime.date:
        return _not_to_come(self.cleaned_data["received_on"], self.today)


class RefundForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.0001"), max_digits=18, decimal_places=4)
    refunded_on = forms.DateField(label=_("Refunded"), widget=DayInput())
    reference = forms.CharField(label=_("Reference"), max_length=120, required=False)

    def __init__(self, credit: Decimal, data: Any = None, *, today: datetime.date) -> None:
        super().__init__(data, initial={"refunded_on": today, "amount": plain_amount(credit)}, prefix="refund")
        self.today = today

    def clean_refunded_on(self) -> datetime.date:
        return _not_to_come(self.cleaned_data["refunded_on"], self.today)


def plain_amount(amount: Decimal) -> str:
    """As it is typed: no zeros at the end beyond the cents, no exponent."""
    short = amount.normalize()
    return f"{short.quantize(Decimal('0.01')) if short == short.quantize(Decimal('0.01')) else short:f}"


def _not_to_come(day: datetime.date, today: datetime.date) -> datetime.date:
    if day > today:
        raise ValidationError(_("This day is still to come."), code="future")
    return day
