"""A card of the board as finished HTML: a full board prints hundreds, and a template takes ten times as long for each.

What is the same for all cards (words, icons, formats) is looked up once per page.
"""

import datetime
from html import escape
from typing import Any

from django.template.defaultfilters import urlencode
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from crm.formats import Formats
from crm.initials import initials
from crm.templatetags.look import icon
from sales.models import Stage


class CardWriter:
    """``query``: of the board's address, travels with the menu of a card; ``may_change`` gives it one."""

    def __init__(
        self, formats: Formats, *, now: datetime.datetime, today: datetime.date, may_change: bool, query: str
    ) -> None:
        self.formats, self.now, self.today, self.may_change = formats, now, today, may_change
        self.before, _zero, self.after = reverse("sales:opportunity_detail", args=[0]).rpartition("0")
        self.query = escape(urlencode(query))
        self.open, self.nobody = escape(gettext("Open")), gettext("nobody")
        self.actions = escape(gettext("Actions for %(name)s"))
        self._people: dict[int | None, str] = {}
        self._stays: dict[int, str] = {}
        self.closes, self.overdue = escape(gettext("Expected close")), escape(gettext("Expected close, overdue"))
        self.dots, self.calendar = icon("dots-vertical"), icon("calendar", size="sm")
        self.alert, self.hourglass = icon("alert-circle", size="sm"), icon("hourglass", size="sm")

    def write(self, row: dict[str, Any], stage: Stage, *, takes_focus: bool = False) -> SafeString:
        """``row`` as in ``board.cards_of``."""
        url, name = f"{self.before}{row['pk']}{self.after}", escape(row["name"])
        days = (self.now - row["stage_since"]).days
        is_rotting = stage.rot_days is not None and days > stage.rot_days
        css = "board-card is-rotting" if is_rotting else "board-card"
        focus = " data-takes-focus" if takes_focus else ""
        amount = escape(self.formats.money(row["amount"], row["currency"]))
        return mark_safe(
            f'<li class="{css}" id="card-{row["pk"]}" data-card="{url}">'
            f'<a class="board-card-name" href="{url}"{focus}>{name}</a>'
            f"{self._menu(name, url)}{self._customer(row)}"
            f'<span class="board-card-amount">{amount}{self._owner(row)}</span>'
            f"{self._foot(row, days, is_rotting)}</li>"
        )

    def _customer(self, row: dict[str, Any]) -> str:
        name = row["customer__name"]
        return f'<span class="board-card-customer">{escape(name)}</span>' if name else ""

    def _menu(self, name: str, url: str) -> str:
        """Its verbs are fetched when it is opened; without JavaScript the link leads to the opportunity."""
        if not self.may_change:
            return ""
        label = self.actions % {"name": name}
        return (
            f'<details class="menu board-menu" data-menu hx-get="{url}menu/?board={self.query}"'
            f' hx-trigger="toggle once" hx-target="find .menu-panel">'
            f'<summary class="btn btn-icon btn-ghost-secondary" aria-label="{label}">{self.dots}</summary>'
            f'<div class="menu-panel menu-end"><a class="menu-item" href="{url}">{self.open}</a></div></details>'
        )

    def _owner(self, row: dict[str, Any]) -> str:
        pk = row["owner_id"]
        if pk not in self._people:
            self._people[pk] = self._avatar(row)
        return self._people[pk]

    def _avatar(self, row: dict[str, Any]) -> str:
        name = escape(row["owner__name"] or self.nobody)
        short = escape(initials(row["owner__name"])) if row["owner__name"] else "–"
        tone = (row["owner_id"] or 0) % 8
        return (
            f'<span class="avatar avatar-xs tone-{tone}" title="{name}" aria-label="{name}" role="img">{short}</span>'
        )

    def _foot(self, row: dict[str, Any], days: int, is_rotting: bool) -> str:
        parts = []
        mark: str
        if row["close_on"]:
            is_late = row["close_on"] < self.today
            css, title, mark = (" text-bad", self.overdue, self.alert) if is_late else ("", self.closes, self.calendar)
            day = self.formats.date(row["close_on"])
            parts.append(f'<span class="board-card-close{css}" title="{title}">{mark}{day}</span>')
        if days > 0:
            text = self._stay(days)
            css, mark = ("text-warn", self.hourglass) if is_rotting else ("text-secondary", "")
            parts.append(f'<span class="{css}">{mark}{text}</span>')
        return f'<span class="board-card-foot">{"".join(parts)}</span>' if parts else ""

    def _stay(self, days: int) -> str:
        if days not in self._stays:
            text = ngettext("%(days)d day here", "%(days)d days here", days) % {"days": days}
            self._stays[days] = escape(text)
        return self._stays[days]
