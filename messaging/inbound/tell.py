"""Tells whose record it is that somebody wrote."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import InboundMail, Notice
from messaging.notices import NoticeKind, notice_kinds, tell

KIND = "mail"


def tell_owner(mail: InboundMail, owner_id: int | None, *, by: Any = None) -> None:
    if owner_id is not None and owner_id != getattr(by, "pk", None):
        tell(KIND, {owner_id: (1, {"mail": mail.pk})}, key=f"{KIND}:{mail.pk}:{mail.state}")


def add_notice_kind() -> None:
    notice_kinds.add(KIND, NoticeKind("mail", _words, _page))


def _words(notice: Notice) -> str:
    mail = _mail(notice)
    if mail is None:
        return _("Somebody wrote to you")
    names = {"sender": mail.from_name or mail.from_address, "subject": mail}
    if mail.is_settled:
        return _("%(sender)s wrote: “%(subject)s”") % names
    return _("%(sender)s wrote: “%(subject)s”. It waits in the tray.") % names


def _page(notice: Notice) -> str:
    return reverse("messaging:mail", args=[notice.facts["mail"]]) if _mail(notice) else ""


def _mail(notice: Notice) -> InboundMail | None:
    """While it is within the reader's reach."""
    return InboundMail.objects.visible_to(notice.user).filter(pk=notice.facts["mail"]).first()
