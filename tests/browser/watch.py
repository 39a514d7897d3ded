"""What every page of a walk must be: free of errors, within the screen, accessible, in the reader's language."""

import re
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from crm import catalogue
from tests.browser.axe import serious

# A page that refuses with a reason is an answer like others; the browser notes it as an error all the same.
REFUSAL = re.compile(r"status of (409|422)\b")
# Words without which no English sentence or button of ours gets along, and no name of the walk's data has.
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|not|no|yet|this|that|with|for|by|to|in|on|new|add|edit|save|all|your|you|it|be|more)\b",
    re.IGNORECASE,
)
TEXTS = """() => {
  const found = [];
  const say = (text) => { if (text && text.trim()) found.push(text.trim().replace(/\\s+/g, " ")); };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const place = walk.currentNode.parentElement;
    if (place.closest("script, style, template, svg, kbd, textarea, [lang]:not(html), [data-words]")) continue;
    say(walk.currentNode.nodeValue);
  }
  for (const each of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
    if (each.closest("[lang]:not(html)")) continue;
    for (const name of ["aria-label", "placeholder", "title"]) say(each.getAttribute(name));
  }
  say(document.title);
  return found;
}"""


class Watch:
    """Listens to one browser page; `complaints` is what was wrong, each with the address where it was."""

    def __init__(self, page: Any, *, language: str, theme: str) -> None:
        self.page, self.language, self.theme = page, language, theme
        self.complaints: list[str] = []
        self._seen: set[str] = set()
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("console", self._hear)
        page.on("response", self._answered)

    def _complain(self, what: Any) -> None:
        self.complaints.append(f"{self.page.url}: {what}")

    def _hear(self, said: Any) -> None:
        if said.type == "error" and not REFUSAL.search(said.text):
            self._complain(said.text)

    def _answered(self, answer: Any) -> None:
        if answer.status >= 500:
            self._complain(f"{answer.status} {answer.url}")

    def look(self) -> None:
        """At the page as it stands. Axe looks once at each kind of page, since that takes a second."""
        self.page.wait_for_load_state()
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > self.page.viewport_size["width"]:
            self._complain(f"{width} pixels wide")
        self._read()
        kind = re.sub(r"\d+", "0", self.page.url.partition("?")[0]) + self.page.title()[:12]
        if kind not in self._seen:
            self._seen.add(kind)
            for found in serious(self.page):
                self._complain(found)

    def _read(self) -> None:
        head = self.page.locator("html")
        if (head.get_attribute("lang") or "").lower() != self.language:
            self._complain(f"in {head.get_attribute('lang')}")
        if self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") != (self.theme == "dark"):
            self._complain("in the other colours")
        if self.language != "en":
            for text in left_in_english(self.page.evaluate(TEXTS), self.language) - self._seen:
                self._seen.add(text)  # told once: a word of the menu stands on every page
                self._complain(f"in English: {text}")


def left_in_english(texts: list[str], language: str) -> set[str]:
    known = translated(language)
    return {text for text in texts if text in known or (text.isascii() and len(ENGLISH.findall(text)) > 1)}


_translated: dict[str, frozenset[str]] = {}


def translated(language: str) -> frozenset[str]:
    """The English of every text without blanks that says something else in this language."""
    if language not in _translated:
        with catalogue.path_of(settings.BASE_DIR, translation.to_locale(language)).open("rb") as file:
            told = [message.id for message in read_po(file) if isinstance(message.id, str)]
        with translation.override(language):
            _translated[language] = frozenset(
                text for text in told if len(text) > 3 and "%(" not in text and translation.gettext(text) != text
            )
    return _translated[language]
