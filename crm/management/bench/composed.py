"""Rows of kind ``composed``: pages of several panels, against the same frame with as many rows as all panels show."""

import re
from typing import Any
from urllib.parse import quote

from crm.management.bench.floors import Floor, address_of
from crm.management.bench.rows import Pair, Row, rows
from crm.management.bench.visitor import visitor
from customers.forms import LogForm
from customers.models import Customer

# What stands for one row on each page.
MARKS = {
    "customer": r"<li\b|<tr\b|<dt\b",
    "today": r'class="todo-item"|class="stat\b',
    "board": r"data-card=",
    "search": r'class="search-hit',
}


def register() -> None:
    for persona in ("alice", "tess", "erin"):
        for name in ("customer", "today", "board"):
            _add(f"composed.{name}.{persona}", name, persona)
        for word in ("rare", "common", "chinese"):
            _add(f"composed.search.{persona}.{word}", "search", persona, word=word)
    _add("composed.search.tess.dialog", "search", "tess", word="rare", htmx=True)


def _add(name: str, page: str, persona: str, *, word: str = "", htmx: bool = False) -> None:
    about = f"{page} as {persona}{f', a {word} word' if word else ''}"
    rows.add(name, Row(name, "composed", about, lambda: _pair(page, persona, word, htmx)))


def _pair(page: str, persona: str, word: str, htmx: bool) -> Pair | None:
    url = _address(page, persona, word)
    if url is None:
        return None
    person = visitor(persona)
    number = len(re.findall(MARKS[page], _main(person.get(url, htmx=htmx))))
    if not number:
        return None
    ids = list(Customer._base_manager.order_by("pk").values_list("pk", flat=True)[:number])
    shown = Customer._base_manager.filter(pk__in=ids).values_list("name", "phone", "next_contact_at")
    floor = address_of(Floor(page, shown, form=_log_form if page == "customer" else None))
    return Pair(
        lambda _: person.get(url, htmx=htmx),
        lambda _: person.get(floor, htmx=htmx).count("<tr>"),
        same=lambda _ours, bare: bare == len(ids),
    )


def _log_form(*, user: Any) -> LogForm:
    """The form that the customer's page shows besides its panels."""
    return LogForm(user=user, customer=Customer(pk=0))


def _main(page: str) -> str:
    """Without the frame, whose menu has lists too."""
    return page.partition("<main")[2].partition("</main>")[0] or page


def _address(page: str, persona: str, word: str) -> str | None:
    if page == "customer":
        found = Customer.objects.visible_to(visitor(persona).user).filter(last_order_on__isnull=False)
        number = found.order_by("-pk").values_list("pk", flat=True).first()
        return f"/customers/{number}/" if number else None
    if page == "search":
        return f"/search/?q={quote(_words(persona)[word])}"
    return {"today": "/", "board": "/sales/pipeline/"}[page]


def _words(persona: str) -> dict[str, str]:
    mine = Customer.objects.visible_to(visitor(persona).user).filter(language="en").order_by("-pk")
    name = mine.values_list("name", flat=True).first() or "Norberg"
    return {"rare": name.split()[0], "common": "Pumps", "chinese": "云山"}
