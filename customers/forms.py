"""What a person types of customers, contacts, activities and tasks."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from crm.forms.lookup import LookupField
from crm.forms.record_form import RecordForm
from customers.create import NewContact
from customers.fieldsets import CONTACT, CONTACT_MAIN, CUSTOMER, MAIN, Group, groups_of
from customers.models import Activity, Contact, Customer, PointKind, Task
from customers.names import full_name
from customers.points import Point, normalised
from customers.tax import clean_tax_branch, clean_tax_number


class PointInput(forms.CharField):
    """A phone number or address, checked where it is typed."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 254)
        self.kind = kind
        super().__init__(**kwargs)


class PointsMixin:
    """Turns the fields of contact points into points; numbers are read in the country that the form says."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def check_points(self) -> None:
        country = (self.cleaned_data.get("country") or Company.get().country).upper()
        for name, field in self.fields.items():
            if isinstance(field, PointInput) and self.cleaned_data.get(name):
                try:
                    normalised(field.kind, self.cleaned_data[name], country=country)
                except ValidationError as error:
                    self.add_error(name, error)  # type: ignore[attr-defined]

    def points(self, prefix: str = "") -> list[Point]:
        return [
            Point(field.kind, self.cleaned_data[name])
            for name, field in self.fields.items()
            if isinstance(field, PointInput) and name.startswith(prefix) and self.cleaned_data.get(name)
        ]


class CustomerForm(RecordForm):
    """The fields of a customer, for create and edit."""

    parent = LookupField("customer", required=False, label=_("Subsidiary of"))
    referred_by = LookupField("customer", required=False, label=_("Referred by"))

    class Meta:
        model = Customer
        fields = (
            "name", "is_person", "given_name", "family_name", "patronymic", "greeting",
            "industry", "source", "region", "employees", "revenue", "currency", "website",
            "tax_kind", "tax_number", "tax_branch",
            "country", "city", "street", "postcode",
            "intention", "focus_points", "motive", "estimated_value", "demand", "relation", "grade", "grade_until",
            "parent", "referred_by", "language", "comment",
        )  # fmt: skip
        widgets = {
            "focus_points": forms.Textarea(attrs={"rows": 2}),
            "comment": forms.Textarea(attrs={"rows": 3}),
            "country": forms.TextInput(attrs={"size": 2}),
        }
        help_texts = {
            "country": _(
                "Two letters: DE, CN, RU. Numbers without a country code are read as numbers of this country."
            ),
            "grade_until": _("Until then no rule changes the grade."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    @property
    def groups(self) -> list[Group]:
        return groups_of(self, MAIN, CUSTOMER)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and not (len(country) == 2 and country.isalpha() and country.isascii()):
            raise ValidationError(_("Two letters, as in DE."), code="country")
        return country

    def clean_tax_branch(self) -> str:
        return clean_tax_branch(self.cleaned_data["tax_branch"])

    def clean_estimated_value(self) -> Any:
        return _not_negative(self.cleaned_data["estimated_value"])

    def clean_revenue(self) -> Any:
        return _not_negative(self.cleaned_data["revenue"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tax_number"):
            try:
                data["tax_number"] = clean_tax_number(data.get("tax_kind", ""), data["tax_number"])
            except ValidationError as error:
                self.add_error("tax_number", error)
        if not data.get("name", "").strip():
            data["name"] = full_name(_Parts(data))
        if not data["name"]:
            self.add_error("name", ValidationError(_("Give a name."), code="required"))
        if not data.get("currency") and (data.get("revenue") or data.get("estimated_value")):
            data["currency"] = Company.get().currency
        return data


class NewCustomerForm(PointsMixin, CustomerForm):
    """A customer with its numbers and the first contact."""

    phone = PointInput(PointKind.PHONE, label=_("Phone"))
    mobile = PointInput(PointKind.MOBILE, label=_("Mobile"))
    email = PointInput(PointKind.EMAIL, label=_("E-mail"))
    wechat = PointInput(PointKind.WECHAT, label=_("WeChat"))
    contact_name = forms.CharField(max_length=255, required=False, label=_("Name of the contact"))
    contact_position = forms.CharField(max_length=150, required=False, label=_("Position"))
    contact_phone = PointInput(PointKind.MOBILE, label=_("Phone of the contact"))
    contact_email = PointInput(PointKind.EMAIL, label=_("E-mail of the contact"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_points()
        if not data.get("contact_name") and any(data.get(f"contact_{name}") for name in ("position", "phone", "email")):
            self.add_error("contact_name", ValidationError(_("Give the name of the contact."), code="required"))
        return data

    def own_points(self) -> list[Point]:
        theirs = self.points("contact_")
        return [point for point in self.points() if point not in theirs]

    def new_contacts(self) -> list[NewContact]:
        if not self.cleaned_data.get("contact_name"):
            return []
        values = {"name": self.cleaned_data["contact_name"], "position": self.cleaned_data["contact_position"]}
        return [NewContact(values, self.points("contact_"))]


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = (
            "name", "given_name", "family_name", "patronymic", "greeting", "position", "department", "role", "birthday",
            "is_main", "language", "comment",
        )  # fmt: skip
        widgets = {"comment": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    @property
    def groups(self) -> list[Group]:
        return groups_of(self, CONTACT_MAIN, CONTACT)

    def clean_birthday(self) -> Any:
        day = self.cleaned_data["birthday"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day lies ahead."), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("name", "").strip():
            data["name"] = full_name(_Parts(data))
        if not data["name"]:
            self.add_error("name", ValidationError(_("Give a name."), code="required"))
        return data


class NewContactForm(PointsMixin, ContactForm):
    phone = PointInput(PointKind.PHONE, label=_("Phone"))
    mobile = PointInput(PointKind.MOBILE, label=_("Mobile"))
    email = PointInput(PointKind.EMAIL, label=_("E-mail"))
    wechat = PointInput(PointKind.WECHAT, label=_("WeChat"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_points()
        return data


class ActivityForm(RecordForm):
    """Done, or planned when its moment lies ahead."""

    class Meta:
        model = Activity
        fields = ("type", "direction", "content", "outcome", "contact", "at", "minutes", "next_contact_at")
        widgets = {"content": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = customer.contacts.live().order_by("-is_main", "sort_key", "pk")
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]

    def clean_minutes(self) -> Any:
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and minutes > 7 * 24 * 60:
            raise ValidationError(_("That is longer than a week."), code="minutes")
        return minutes


class LogForm(ActivityForm):
    """The same with quick choices for the next contact; without a moment it is now."""

    next_in = forms.ChoiceField(
        choices=[(value, value) for value in ("", "1", "3", "7", "30")], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].initial = "call"
        self.fields["at"].required = False
        self.fields["at"].initial = None
        self.fields["at"].help_text = _("Empty: now. A moment ahead plans it.")
        self.fields["direction"].required = False

    def clean_direction(self) -> str:
        return self.cleaned_data["direction"] or "out"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("next_in") and not data.get("next_contact_at"):
            data["next_contact_at"] = in_days(int(data["next_in"]))
        if data.get("next_contact_at") and data["next_contact_at"] < timezone.now() - timedelta(minutes=5):
            self.add_error("next_contact_at", ValidationError(_("The next contact lies in the past."), code="past"))
        return data


class TaskForm(RecordForm):
    customer = LookupField("customer", required=False, label=_("Customer"))

    class Meta:
        model = Task
        fields = ("title", "description", "due_at", "priority", "customer")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class NewTaskForm(TaskForm):
    owner = LookupField("person", required=False, label=_("For"), help_text=_("Empty: for me."))

    class Meta(TaskForm.Meta):
        fields = ("title", "due_at", "customer", "priority", "description")

    def clean_owner(self) -> User:
        return self.cleaned_data["owner"] or self.user


def in_days(days: int) -> datetime:
    """So many days from today in the person's zone, when the company's day starts."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, Company.get().day_starts_at))


def _not_negative(value: Any) -> Any:
    if value is not None and value < 0:
        raise ValidationError(_("Not below zero."), code="negative")
    return value


class _Parts:
    """The parts of a name as full_name reads them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.given_name = data.get("given_name") or ""
        self.family_name = data.get("family_name") or ""
        self.patronymic = data.get("patronymic") or ""
