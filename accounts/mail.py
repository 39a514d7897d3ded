"""Messages about a person's own account, in her language."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts import access
from accounts.models import User
from accounts.setup_link import invitation_link


def send_invitation(user: User, *, by: User | None = None) -> None:
    """Asks a new person to choose a password. The link alone lets her in: it goes to her address only."""
    _send(user, "invitation", {"link": invitation_link(user), "by": by})


def send_password_reset(user: User, *, link: str) -> None:
    _send(user, "password_reset", {"link": link})


def _send(user: User, name: str, context: dict[str, Any]) -> None:
    values = {"user": user, "product": settings.PRODUCT_NAME, **context}
    with translation.override(user.language):
        subject = render_to_string(f"accounts/mail/{name}_subject.txt", values).strip()
        body = render_to_string(f"accounts/mail/{name}.txt", values)
    send_mail(" ".join(subject.splitlines()), body, None, [user.email])


def tell_rights_changed(what: str, *, by: User) -> None:
    """Tells every other administrator, once the change is committed, that ``by`` changed roles or rights."""
    others = access.holders("system", "administer").exclude(pk=by.pk).exclude(email="")
    for user in others:
        transaction.on_commit(partial(_send, user, "rights_changed", {"by": by, "what": what}))
