"""Sign-in, sign-out, passwords, set-up, profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import forms
from accounts.confirm import confirm
from accounts.lockout import lift
from accounts.preferences import prefer, remember
from accounts.setup_link import SetupRefused, check_setup_token, invitations, set_up

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = forms.SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        remember(self.request, response, language=user.language, theme=user.theme)
        return response


def locked_out(request: HttpRequest, credentials: dict[str, Any], *_args: Any, **_kwargs: Any) -> HttpResponse:
    """django-axes calls this instead of the sign-in page after too many failures."""
    return render(request, "accounts/locked_out.html", status=429)


class PasswordChange(auth_views.PasswordChangeView):
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The password is changed. Other devices are signed out."))
        return super().form_valid(form)


class PasswordReset(auth_views.PasswordResetView):
    template_name = "accounts/password_reset.html"
    form_class = forms.PasswordResetForm
    success_url = reverse_lazy("accounts:password_reset_sent")


class PasswordResetSent(auth_views.PasswordResetDoneView):
    template_name = "accounts/password_reset_sent.html"


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    template_name = "accounts/password_set.html"
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if self.user:
            lift(self.user)
        messages.success(self.request, _("The password is set. Sign in with it."))
        return answer


class Invitation(PasswordResetConfirm):
    token_generator = invitations
    reset_url_token = "choose"


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth_views.LogoutView):
    """By POST only: a link in a mail must not sign anybody out."""


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The first administrator of an empty system chooses name and password."""
    form = forms.FirstAdministratorForm(request.POST or None, initial={"language": get_language()})
    try:
        check_setup_token(token)
        if not form.is_valid():
            return render(request, "accounts/setup.html", {"form": form}, status=422 if form.is_bound else 200)
        user = set_up(token, **form.cleaned_data)
    except SetupRefused as refused:
        return render(request, "accounts/link_refused.html", {"reason": refused}, status=410)
    login(request, user, backend=PASSWORD_BACKEND)
    return redirect("/")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = forms.ProfileForm(request.POST or None, instance=request.user)
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)
    user = form.save()
    response = redirect("accounts:profile")
    remember(request, response, language=user.language, theme=user.theme)
    messages.success(request, _("Your profile is saved."))
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_password(request: HttpRequest) -> HttpResponse:
    """Asks for the password once more before a change of roles or rights."""
    form = forms.ConfirmForm(request.POST or None, request=request)
    if not form.is_valid():
        return render(request, "accounts/confirm.html", {"form": form}, status=422 if form.is_bound else 200)
    confirm(request)
    return HttpResponseRedirect(_address_of_ours(request, request.GET.get("next", "")))


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and colours from the user menu or the foot of the sign-in page; returns to where the person was."""
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if request.user.is_authenticated:
        prefer(request.user, language=language, theme=theme)
    response = HttpResponseRedirect(_address_of_ours(request, request.POST.get("next", "")))
    remember(request, response, language=language, theme=theme)
    return response


def _address_of_ours(request: HttpRequest, address: str) -> str:
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else "/"
