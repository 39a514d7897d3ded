"""The form as a visitor fills it in."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from leads.models import ConsentText, WebForm, WebFormField
from leads.values import cleaned
from leads.web_forms.fields import field_for

AGREES = "agrees"
# Nobody sees it, so only a program fills it in.
TRAP = "more_about_you"


class PublicForm(forms.Form):
    """``rows``: its questions; ``consent``: the text shown. Fields that the form does not ask are not read."""

    def __init__(
        self, data: Any = None, *, rows: list[WebFormField], consent: ConsentText | None, prefix: str | None = None
    ) -> None:
        super().__init__(data, auto_id="wf-%s", label_suffix="", prefix=prefix)
        for row in rows:
            self.fields[row.name] = field_for(row)
        self.asked = [row.name for row in rows]
        if consent:
            wanted = {"required": _("Please tick this: without it we may not keep what you send.")}
            self.fields[AGREES] = forms.BooleanField(label=consent.text, error_messages=wanted)

    @property
    def questions(self) -> Iterator[Any]:
        """The fields without the consent, which has its own look."""
        return (self[name] for name in self.asked)

    @property
    def consent_field(self) -> Any:
        return self[AGREES] if AGREES in self.fields else None

    def clean(self) -> dict[str, Any]:
        typed = {name: value for name, value in self.cleaned_data.items() if name in self.asked}
        try:
            cleaned({"name": "", "company": "", **typed} if not self.errors else typed, country=Company.get().country)
        except ValidationError as error:
            for name, reasons in error.message_dict.items():
                self.add_error(name if name in self.fields else None, reasons)
        return self.cleaned_data

    def answers(self) -> list[dict[str, Any]]:
        """What was filled in, as it is kept: label and text as the visitor saw them, and the value for the lead."""
        found = []
        for name in self.asked:
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                value = str(value) if isinstance(value, Decimal) else value
                field = self[name]
                found.append({"name": name, "label": str(field.label), "text": _text(field, value), "value": value})
        return found


def rows_of(form: WebForm) -> list[WebFormField]:
    return list(form.fields.order_by("place", "pk"))


def consent_of(form: WebForm) -> ConsentText | None:
    """The text that the form shows now."""
    return form.consents.order_by("version").last() if form.consent else None


def consent_shown(form: WebForm, asked: Any) -> ConsentText | None:
    """The text that a page showed, by its number: it may be an earlier one, and is one of this form's in any case."""
    number = str(asked or "")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return consent_of(form)
    return form.consents.filter(pk=int(number)).first() or consent_of(form)


def _text(field: Any, value: Any) -> str:
    """A choice by its name."""
    offered: Mapping[str, Any] = {str(code): label for code, label in getattr(field.field, "choices", ())}
    return str(offered.get(str(value), value))
