"""What is typed about a lead."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.forms import RecordForm
from crm.forms.inputs import MomentInput
from crm.forms.lookup import LookupField
from crm.places import countries, languages
from customers.models.activity import ActivityType, Direction
from leads.models import Lead
from leads.values import cleaned
from records.dictionary import choices

# What the form asks, block by block: title, rows of fields.
BLOCKS = (
    (_("Who"), (("name", "company"), ("position", "language"), ("phone", "mobile"), ("email", "website"))),
    (_("Messengers"), (("wechat", "whatsapp", "telegram"),)),
    (_("Where"), (("country", "region", "city"), ("industry", "tax_number"))),
    (
        _("What"),
        (
            ("need",),
            ("estimated_value", "currency"),
            ("rating_by_hand", "rating_until"),
            ("source", "campaign", "referred_by"),
        ),
    ),
)


class LeadForm(RecordForm):
    referred_by = LookupField("customer", label=_("Referred by"), required=False)

    class Meta:
        model = Lead
        fields = [name for _title, rows in BLOCKS for row in rows for name in row]
        widgets = {"need": forms.Textarea(attrs={"rows": 3})}
        labels = {"name": _("Name of the person")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, of in (("region", "region"), ("industry", "industry"), ("source", "lead_source")):
            self._offer_entries(name, of)
        self._offer("country", countries())
        self._offer("language", languages())
        self.fields["rating_by_hand"].widget = forms.Select(
            choices=[("", _("as its score says")), *Lead.Rating.choices]
        )
        self.fields["rating_until"].help_text = _("Empty: for 90 days.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        return Layout(*[_block(title, rows) for title, rows in BLOCKS])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        try:
            return {**values, **cleaned({name: values[name] for name in self.Meta.fields if name in values})}
        except ValidationError as error:
            self.add_error(None, error)
            return values

    def _offer_entries(self, name: str, of: str) -> None:
        """Offered entries, and the one that stands there although it is offered no more."""
        field = self.fields[name]
        present = getattr(self.instance, f"{name}_id", None)
        known = choices(of)
        if present and present not in dict(known):
            known.append((present, str(getattr(self.instance, name))))
        field.choices = [("", "–"), *known]

    def _offer(self, name: str, known: list[tuple[str, str]]) -> None:
        present = getattr(self.instance, name, "")
        if present and present not in dict(known):
            known = [*known, (present, present)]
        self.fields[name].widget = forms.Select(choices=[("", "–"), *known])


class NewLeadForm(LeadForm):
    """Also asks who gets it."""

    ME, RULES, PERSON = "me", "rules", "person"

    goes_to = forms.ChoiceField(label=_("Who takes it"), widget=forms.RadioSelect, initial=ME)
    owner = LookupField("person", label=_("Person"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(self.ME, _("I do")), (self.RULES, _("the assignment rules decide"))]
        if access.allows(self.user, "assign", "lead"):
            kinds.append((self.PERSON, _("this person:")))
        else:
            del self.fields["owner"]
        self.fields["goes_to"].choices = kinds

    def layout(self) -> Layout:
        rows = (("goes_to", "owner"),) if access.allows(self.user, "assign", "lead") else (("goes_to",),)
        return Layout(*super().layout().fields, _block(_("Owner"), rows))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("goes_to") == self.PERSON and "owner" not in self.errors:
            self._check_owner(values.get("owner"))
        return values

    def _check_owner(self, owner: Any) -> None:
        if owner is None:
            self.add_error("owner", _("Say who."))
        elif not access.people_in_reach(self.user, "lead", "assign").filter(pk=owner.pk).exists():
            self.add_error("owner", _("You may not give leads to this person."))

    def chosen_owner(self) -> Any:
        """The person, or None for the rules."""
        goes_to = self.cleaned_data["goes_to"]
        return {self.ME: self.user, self.PERSON: self.cleaned_data.get("owner")}.get(goes_to)


class LogForm(forms.Form):
    """A line of the contact log."""

    type = forms.ChoiceField(label=_("What"), choices=ActivityType.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, required=False)
    outcome = forms.TypedChoiceField(label=_("Outcome"), required=False, coerce=int, empty_value=None)
    content = forms.CharField(label=_("Content"), required=False, max_length=10_000)
    at = forms.DateTimeField(label=_("When"), required=False, widget=MomentInput)
    next_contact_at = forms.DateTimeField(label=_("Next contact"), required=False, widget=MomentInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [("", "–"), *choices("activity_outcome")]

    def values(self) -> dict[str, Any]:
        """As ``log_contact`` takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if "outcome" in values:
            values["outcome_id"] = values.pop("outcome")
        return values


def _block(title: Any, rows: Any) -> Div:
    shown = [Row(*[Column(name, css_class="col-md") for name in row], css_class="g-3") for row in rows]
    return Div(HTML(format_html('<h2 class="form-block">{}</h2>', title)), *shown, css_class="mb-3")
