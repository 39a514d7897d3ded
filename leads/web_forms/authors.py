"""A form acts as its author: whether she still may is asked each time. When she may no more, who can help is told."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Reach, User
from leads.models import WebForm
from messaging.notices import NoticeKind, notice_kinds, tell

KIND = "web_form_stopped"


def is_open(form: WebForm) -> bool:
    """Whether the form takes anything now."""
    return form.is_active and may_act(form)


def may_act(form: WebForm) -> bool:
    """Whether its author may make leads, and forms such as this one."""
    return access.allows(form.author, "create", "lead") and covers(form.author, form.team_id)


def covers(user: Any, team_id: int | None) -> bool:
    """Whether the person governs forms that fill this queue (None: the company's)."""
    if not user.is_active:
        return False
    reach = access.reach_of(user, "web_form", "change")
    return reach == Reach.ALL or (reach == Reach.TEAM and team_id is not None and team_id in access.team_ids_of(user))


def with_one_author_each(forms: Iterable[WebForm]) -> list[WebForm]:
    """Forms of one author share her in memory, so that her rights are read once."""
    forms, authors = list(forms), {}
    for form in forms:
        form.author = authors.setdefault(form.author_id, form.author)
    return forms


def tell_of_stopped() -> int:
    """Tells everybody who may take over a switched-on form whose author may no more, once. Returns how many forms."""
    forms = with_one_author_each(WebForm.objects.filter(is_active=True).with_names())
    stopped = [form for form in forms if not may_act(form)]
    if not stopped:
        return 0
    people = list(access.holders("web_form", "change").order_by("pk"))
    for form in stopped:
        told = {
            person.pk: (1, {"form": form.pk, "author": form.author_id}) for person in people if _can_help(person, form)
        }
        tell(KIND, told, key=f"{KIND}:{form.pk}:{form.author_id}")
    return len(stopped)


def _can_help(person: User, form: WebForm) -> bool:
    return covers(person, form.team_id) and access.allows(person, "create", "lead")


def add_notice_kind() -> None:
    notice_kinds.add(KIND, NoticeKind("alert-triangle", _words, _page))


def _words(notice: Any) -> str:
    form = _form(notice)
    if form is None:
        return _("A web form takes nothing: its author may no longer make leads")
    words = _(
        "The web form “%(name)s” takes nothing: %(author)s may no longer make leads. Take it over to open it again"
    )
    return words % {"name": form.name, "author": form.author}


def _page(notice: Any) -> str:
    form = _form(notice)
    return reverse("leads:web_form", args=[form.pk]) if form else ""


def _form(notice: Any) -> WebForm | None:
    return WebForm.objects.for_user(notice.user).with_names().filter(pk=notice.facts["form"]).first()
