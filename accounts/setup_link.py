"""Links by which a person gets a password without having one.

Set-up: for the very first administrator of an empty system. It holds for an hour and ends with the first
administrator, so it needs no row of its own. Invitation: for a user that someone else entered; it ends when a
password is set, when it is a week old, or when the address it was sent to changes.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User, UserRole

SETUP_SECONDS = 3600
INVITATION_SECONDS = 7 * 24 * 3600
SALT = "accounts.setup_link"
LOCK = 0x5E701  # any number, the same in every process


class SetupRefused(Exception):
    """The link is of no use (any more); the message may be shown."""


def setup_link() -> str:
    """The address for the first administrator, to be printed where only the installer sees it."""
    token = signing.dumps("first administrator", salt=SALT)
    return settings.PUBLIC_URL + reverse("accounts:setup", args=[token])


def check_setup_token(token: str) -> None:
    try:
        signing.loads(token, salt=SALT, max_age=SETUP_SECONDS)
    except signing.BadSignature:
        raise SetupRefused(_("This link is wrong or older than an hour. Ask for a new one.")) from None
    if administrators_exist():
        raise SetupRefused(_("The first administrator is there already. Sign in, or ask for an invitation."))


def administrators_exist() -> bool:
    return UserRole.objects.filter(role__code="administrator", user__is_active=True).exists()


def set_up(token: str, *, password: str, **fields: Any) -> User:
    """Creates the first administrator; of two at once the second is refused."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        check_setup_token(token)
        user = User.objects.create_user(password=password, **fields)
        make_administrator(user)
    return user


def make_administrator(user: User) -> None:
    UserRole.objects.get_or_create(user=user, role=Role.objects.get(code="administrator"))


class InvitationTokens(PasswordResetTokenGenerator):
    key_salt = "accounts.invitation"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """As Django's, with a week instead of the time of a password reset."""
        stamp, dash, _code = (token or "").partition("-")
        if user is None or token is None or not dash or not user.is_active:
            return False
        try:
            sent = base36_to_int(stamp)
        except ValueError:
            return False
        fits = constant_time_compare(self._make_token_with_timestamp(user, sent, self.secret), token)
        return fits and self._num_seconds(self._now()) - sent <= INVITATION_SECONDS


invitations = InvitationTokens()


def invitation_link(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.PUBLIC_URL + reverse("accounts:invitation", args=[uid, invitations.make_token(user)])
