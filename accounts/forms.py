"""Sign-in, password, set-up and profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.mail import send_password_reset
from accounts.models import User

RESETS_AN_HOUR = 5


def time_zones() -> list[tuple[str, Any]]:
    """Names of places, without the technical ones that nobody lives in."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("", _("As the company")), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class SignInForm(auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": _("User name and password do not fit. Mind capital letters in the password."),
        "inactive": _("This person is not active any more. Ask your administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs["autocapitalize"] = "none"
        self.fields["password"].label = _("Password")


class PasswordResetForm(auth_forms.PasswordResetForm):
    """Django's, with mail in the person's language and our own address in the link, whatever host was asked."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, *, token_generator: Any, **_unused: Any) -> None:
        address = self.cleaned_data["email"]
        if not _may_ask_again(address):
            return
        for user in self.get_users(address):
            uid = urlsafe_base64_encode(force_bytes(user.pk))
            path = reverse("accounts:password_reset_confirm", args=[uid, token_generator.make_token(user)])
            send_password_reset(user, link=settings.PUBLIC_URL + path)


def _may_ask_again(address: str) -> bool:
    """Nobody's mailbox is flooded from a public page."""
    key = f"password-reset:{address.strip().lower()}"
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) <= RESETS_AN_HOUR


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)

    class Meta:
        model = User
        fields = ["name", "email", "phone", "language", "time_zone", "theme"]
        labels = {
            "name": _("Name"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "language": _("Language"),
            "theme": _("Colours"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"] = forms.ChoiceField(
            label=_("Colours"), choices=[(code, capfirst(label)) for code, label in User.Theme.choices]
        )


class FirstAdministratorForm(forms.ModelForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; a short sentence is easy to keep in mind."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)

    class Meta:
        model = User
        fields = ["username", "name", "email", "language", "time_zone"]
        labels = {
            "username": _("User name"),
            "name": _("Name"),
            "email": _("E-mail"),
            "language": _("Language"),
        }
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned:
            candidate = User(**{name: cleaned.get(name, "") for name in ("username", "name", "email")})
            try:
                validate_password(cleaned["password"], candidate)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ConfirmForm(forms.Form):
    """The password once more. Wrong ones count towards the lock-out as at sign-in."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if authenticate(self.request, username=self.request.user.username, password=password) is None:
            raise ValidationError(_("This is not your password."), code="wrong")
        return password
