"""Somebody who works in the product: finds things by their names in her language, and looks at every page."""

import re
from typing import Any

from django.utils import translation

from tests.browser.watch import Watch


class Walker:
    def __init__(self, page: Any, *, language: str, theme: str, phone: bool) -> None:
        self.page, self.language, self.phone = page, language, phone
        self.watch = Watch(page, language=language, theme=theme)
        page.set_default_timeout(20_000)

    # Words

    def says(self, english: str, context: str = "", **blanks: Any) -> str:
        """What the product says for this English text."""
        with translation.override(self.language):
            told = translation.pgettext(context, english) if context else translation.gettext(english)
        return told % blanks if blanks else told

    # Going

    def opens(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer.status == 200, (answer.status, address)
        self.watch.look()

    def goes(self, label: str) -> None:
        """By the side navigation; on a phone it is behind the menu."""
        if self.phone:
            self.page.locator("[data-nav-open]").click()
        with self.page.expect_navigation():
            self.page.locator("#side-nav").get_by_role("link", name=self.says(label), exact=True).click()
        self.watch.look()

    def follows(self, name: str, *, within: str = "main") -> None:
        """A link by what it shows: data, not words of the product."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        self.watch.look()

    # Doing

    def fills(self, **values: Any) -> None:
        """Fields of the visible form by their names in the form's contract."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']:visible, dialog[open] [name='{name}']").last.fill(str(value))

    def chooses(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(
                f"main select[name='{name}']:visible, dialog[open] select[name='{name}']"
            ).last.select_option(value)

    def button(self, label: str, *, within: str = "main") -> Any:
        words = re.compile(rf"^\s*{re.escape(self.says(label))}…?\s*$")
        place = self.page.locator(within)
        return place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words)).filter(visible=True)

    def presses(self, label: str, *, within: str = "main") -> None:
        """A button or link that leads to a page."""
        with self.page.expect_navigation():
            self.button(label, within=within).first.click()
        self.watch.look()

    def asks(self, label: str, *, within: str = "main") -> None:
        """A button or link that opens a dialog or a menu."""
        self.button(label, within=within).first.click()

    def confirms(self, label: str) -> None:
        """The button of the open dialog."""
        self.page.locator("dialog[open]").wait_for()
        self.watch.look()
        self.presses(label, within="dialog[open]")

    def more(self) -> None:
        """The menu of further actions of a record."""
        self.page.locator(".page-head-actions details.menu > summary.btn-icon").first.click()

    def is_told(self, english: str, **blanks: Any) -> None:
        self.page.get_by_text(self.says(english, **blanks)).first.wait_for()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).filter(visible=True).first.wait_for()
