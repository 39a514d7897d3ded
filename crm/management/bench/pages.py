"""Rows of kind ``page``: lists as they are walked, filtered and searched.

A list's floor shows the very rows that ours shows, found by their ids, and the unbound form of its filters: reach,
filtering, order, count and actions are what ours adds. Ours shows its filter form only when it is opened, so ``bare``
tells what the floor costs without it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import QueryDict

from crm.lists.asked import Asked
from crm.lists.branches import Branch, fetch, union_all
from crm.lists.filters import ListFilters
from crm.lists.keyset import Cursor, keys_of_page
from crm.lists.spec import ListSpec, lists
from crm.management.bench.floors import Floor, address_of
from crm.management.bench.rows import Pair, Row, rows
from crm.management.bench.visitor import PERSONAS, visitor

DEEP = 2_000  # the page that nobody leafs to by hand; the last one where there are fewer
# list → (state for the filter by owner and state, field whose words are searched)
LISTS = {
    "customers": ("state=prospect", "name"),
    "contacts": ("", "name"),
    "leads": ("state=contacted", "company"),
    "opportunities": ("state=open", "name"),
    "orders": ("state=confirmed", "number"),
    "quotes": ("state=draft", "number"),
    "tasks": ("state=open", "title"),
    "invoices": ("state=open", "number"),
    "instalments": ("when=overdue", "order__number"),
    "products": ("", "name"),
}
# For lists other than the customers: a persona each, so that every reach, filter, place and form is seen.
CHOSEN = (
    ("alice", "all", "first"),
    ("tess", "owner_state", "first"),
    ("erin", "word", "first"),
    ("tess", "all", "deep"),
)


def register() -> None:
    for persona, asked, place in _crossed():
        _add("customers", persona, asked, place, htmx=False)
        _add("customers", persona, asked, place, htmx=True)
    for name in list(LISTS)[1:]:
        for persona, asked, place in CHOSEN:
            _add(name, persona, asked, place, htmx=place == "deep")
    for name in ("customers", "leads", "opportunities", "instalments"):
        rows.add(f"page.{name}.filters", _filter_form(name))


def _crossed() -> Iterator[tuple[str, str, str]]:
    for persona in PERSONAS:
        for asked in ("all", "owner_state", "word", "common_word"):
            yield persona, asked, "first"
            if asked == "all":
                yield persona, asked, "deep"


def _add(list_name: str, persona: str, asked: str, place: str, *, htmx: bool) -> None:
    name = f"page.{list_name}.{persona}.{asked}.{place}.{'fragment' if htmx else 'whole'}"
    about = f"{list_name} as {persona}, {asked}, {place} page"
    rows.add(name, Row(name, "page", about, lambda: _pair(list_name, persona, asked, place, htmx)))


@dataclass(frozen=True)
class _Question:
    """What is asked of a list: the address, and the ids of the rows that it shows."""

    url: str
    ids: list[int]


def _pair(list_name: str, persona: str, asked: str, place: str, htmx: bool) -> Pair | None:
    spec, person = lists[list_name], visitor(persona)
    question = _question(spec, persona, asked, place)
    if question is None:
        return None
    shown = _shown(spec, person.user, question.ids)
    floor, bare = (address_of(Floor(str(spec.title), shown, form)) for form in (_Unbound(spec), None))
    return Pair(
        lambda _: person.get(question.url, htmx=htmx).count("data-list-row"),
        lambda _: person.get(floor, htmx=htmx).count("<tr>"),
        lambda _: person.get(bare, htmx=htmx).count("<tr>"),
        same=lambda ours, bare: ours == bare == len(question.ids),
    )


def _question(spec: ListSpec, persona: str, asked: str, place: str) -> _Question | None:
    user = visitor(persona).user
    query = _query(spec, persona, asked)
    if query is None:
        return None
    found = Asked(spec, QueryDict(query), user)
    if place == "deep" and (cursor := _deep(found)) is not None:
        query = f"{query}&at={cursor.encode(found.sort_name)}" if query else f"at={cursor.encode(found.sort_name)}"
        found = Asked(spec, QueryDict(query), user)
    elif place == "deep":
        return None
    keys = keys_of_page(found.branches, found.order, found.cursor, spec.page_size)
    ids = [pk for pk, _value in keys.rows]
    return _Question(f"{spec.url}?{query}" if query else spec.url, ids) if ids else None


def _query(spec: ListSpec, persona: str, asked: str) -> str | None:
    """None where the list has nothing of the kind."""
    state, field = LISTS[spec.name]
    if asked == "all":
        return ""
    if asked == "owner_state":
        owner = visitor("heavy" if persona == "heavy" else "alice").user.pk
        return f"owner={owner}&{state}" if state else None
    word = "Pumps" if asked == "common_word" else _rare_word(spec, persona, field)
    return f"q={quote(word)}" if word else None


def _rare_word(spec: ListSpec, persona: str, field: str) -> str:
    """The first long word of a row within reach: of numbers, the number."""
    found = Asked(spec, QueryDict(""), visitor(persona).user)
    keys = keys_of_page(found.branches, found.order, None, 1)
    if not keys.rows:
        return ""
    text = spec.model._base_manager.values_list(field, flat=True).get(pk=keys.rows[0][0])
    words = re.findall(r"[^\W\d_]{4,}", text) if not field.endswith("number") else [text]
    return str(words[-1 if field == "name" and spec.name == "opportunities" else 0]) if words else ""


def _deep(asked: Asked) -> Cursor | None:
    """The row before page 2,000, or before the last whole page; None where there is one page only."""
    size = asked.spec.page_size
    wanted = DEEP * size

    def narrow(found: Any) -> Any:
        return asked.order.apply(found).values_list("pk", asked.order.field)[:wanted]

    branches: list[Branch] = [branch.narrowed(narrow) for branch in asked.branches]
    if not branches:
        return None
    sql, params = union_all(branches)
    way = asked.order.direction
    ends = f"SELECT * FROM ({sql}) x ORDER BY 2 {way} NULLS LAST, 1 {way} LIMIT {wanted}"
    found = fetch(ends, params)
    place = len(found) - 2 * size
    return Cursor(found[place][1], found[place][0]) if place >= 0 else None


def _shown(spec: ListSpec, user: Any, ids: list[int]) -> Any:
    """The same rows and columns, as they come from the database."""
    asked = Asked(spec, QueryDict(""), user)
    sources = [source for column in asked.columns for source in column.sources]
    return spec.model._base_manager.filter(pk__in=ids).values_list(*dict.fromkeys(sources))


def _filter_form(list_name: str) -> Row:
    name = f"page.{list_name}.filters"

    def prepare() -> Pair:
        spec, person = lists[list_name], visitor("tess")
        floor = address_of(Floor(str(spec.title), form=_Unbound(spec)))
        url = f"/lists/{list_name}/filters/"
        return Pair(lambda _: person.get(url, htmx=True), lambda _: person.get(floor, htmx=True))

    return Row(name, "page", f"the filter form of {list_name}", prepare)


class _Unbound:
    """The form of a list's filters, as django-filter makes it."""

    def __init__(self, spec: ListSpec) -> None:
        self.spec = spec

    def __call__(self, *, user: Any) -> Any:
        filterset: type[ListFilters] | None = self.spec.filterset
        assert filterset is not None
        return filterset(QueryDict(""), queryset=self.spec.model._base_manager.none(), user=user).form
