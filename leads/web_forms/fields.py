"""What a form may ask: for each column of a lead its name on the page and its input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.places import countries
from leads.models import Lead, WebFormField
from records.dictionary import choices

LONGEST_NEED = 4_000
BROKEN = "\ufffd"  # what bytes become that are no UTF-8
_NEVER_TYPED = {"Cc", "Cs"}  # joiners (Cf) belong to Persian words and to many a smiley


@dataclass(frozen=True)
class Askable:
    """``label``: as visitors read it when the form gives no other. ``make(label, help, is_required)``: its input."""

    label: Any
    make: Callable[..., forms.Field]


def field_for(row: WebFormField) -> forms.Field:
    askable = ASKABLES[row.name]
    return askable.make(row.name, label=row.label or askable.label, help_text=row.help, required=row.is_required)


def check_text(text: str, *, lines: bool = False) -> None:
    """Refuses what nobody can have typed: broken bytes and control characters."""
    allowed = "\r\n\t" if lines else ""
    if any(c == BROKEN or (category(c) in _NEVER_TYPED and c not in allowed) for c in text):
        raise ValidationError(_("This holds characters that cannot be read. Type it anew."), code="unreadable")


def _check_lines(text: str) -> None:
    check_text(text, lines=True)


class LineField(forms.CharField):
    """One line; whatever breaks a line becomes a space."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


def _line(autocomplete: str = "off", **attrs: str) -> Callable[..., forms.Field]:
    def make(name: str, **how: Any) -> forms.Field:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, **attrs})
        longest = Lead._meta.get_field(name).max_length
        return LineField(max_length=longest, widget=widget, validators=[check_text], **how)

    return make


def _email(name: str, **how: Any) -> forms.Field:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(max_length=254, widget=widget, validators=[check_text], **how)


def _website(name: str, **how: Any) -> forms.Field:
    field = _line("url", inputmode="url")(name, **how)
    field.validators.append(_check_website)
    return field


def _check_website(text: str) -> None:
    scheme, mark, rest = text.partition("://")
    host = urlsplit(f"//{rest if mark else text}").hostname or ""
    if (mark and scheme.lower() not in {"http", "https"}) or "." not in host or " " in text:
        raise ValidationError(_("This is not the address of a web site."), code="website")


def _text(name: str, **how: Any) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    return forms.CharField(max_length=LONGEST_NEED, widget=widget, validators=[_check_lines], **how)


def _amount(name: str, **how: Any) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "any"})
    return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, widget=widget, **how)


def _country(name: str, **how: Any) -> forms.Field:
    widget = forms.Select(attrs={"autocomplete": "country"})
    return forms.ChoiceField(choices=[("", "–"), *countries()], widget=widget, **how)


def _entry(of: str) -> Callable[..., forms.Field]:
    def make(name: str, **how: Any) -> forms.Field:
        offered = [("", "–"), *choices(of)]
        return forms.TypedChoiceField(choices=offered, coerce=int, empty_value=None, **how)

    return make


ASKABLES: dict[str, Askable] = {
    "name": Askable(_("Your name"), _line("name")),
    "company": Askable(_("Company"), _line("organization")),
    "position": Askable(_("Position"), _line("organization-title")),
    "email": Askable(_("E-mail"), _email),
    "phone": Askable(_("Phone"), _line("tel", type="tel")),
    "mobile": Askable(_("Mobile phone"), _line("tel", type="tel")),
    "wechat": Askable(_("WeChat"), _line()),
    "whatsapp": Askable("WhatsApp", _line()),
    "telegram": Askable("Telegram", _line()),
    "website": Askable(_("Web site"), _website),
    "country": Askable(_("Country"), _country),
    "region": Askable(_("Region"), _entry("region")),
    "city": Askable(_("City"), _line("address-level2")),
    "industry": Askable(_("Industry"), _entry("industry")),
    "need": Askable(_("How can we help?"), _text),
    "estimated_value": Askable(_("Budget"), _amount),
}
# By one of these an answer can reach the visitor.
REACHABLE = ("email", "phone", "mobile", "wechat", "whatsapp", "telegram")
