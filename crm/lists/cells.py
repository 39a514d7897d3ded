"""How a column is shown and exported: each cell kind makes one function per page, which turns a row into finished HTML.

A list formats hundreds of values, so the locale and all that is the same for a column are looked up once, here, and the
template prints what it is given (a template that formats costs three times as much).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from crm.formats import Formats
from crm.initials import initials
from crm.names import namer, names_at

Row = Mapping[str, Any]
Show = Callable[[Row], str]
NOTHING = '<span class="nothing text-secondary">–</span>'


@dataclass(frozen=True)
class Cell:
    """``show`` answers finished, escaped HTML, "" for nothing; ``plain`` the value as a spreadsheet takes it."""

    css = ""
    is_main = False

    def sources(self, path: str) -> tuple[str, ...]:
        return (path,)

    def show(self, path: str, formats: Formats) -> Show:
        return lambda row: escape("" if row[path] is None else row[path])

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: row[path]


@dataclass(frozen=True)
class Text(Cell):
    pass


@dataclass(frozen=True)
class Link(Cell):
    """The name that leads to the record's page. ``url_name`` takes the number at ``key``."""

    url_name: str
    key: str = "pk"
    is_main = True

    def sources(self, path: str) -> tuple[str, ...]:
        return (path, self.key)

    def show(self, path: str, formats: Formats) -> Show:
        before, after = around_number(self.url_name)
        key = self.key

        def show(row: Row) -> str:
            name = escape(row[path] or "–")
            return f'<a href="{before}{row[key]}{after}">{name}</a>' if row[key] and before else name

        return show


@dataclass(frozen=True)
class Day(Cell):
    css = "date"

    def show(self, path: str, formats: Formats) -> Show:
        return lambda row: formats.date(row[path])


@dataclass(frozen=True)
class Moment(Cell):
    """A moment in the reader's zone; ``with_time`` False shows the day alone."""

    with_time: bool = True
    css = "date"

    def show(self, path: str, formats: Formats) -> Show:
        write = formats.moment if self.with_time else formats.date
        return lambda row: write(row[path])

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: formats.local(row[path]).replace(tzinfo=None) if row[path] else None


@dataclass(frozen=True)
class Money(Cell):
    """An amount with the currency at ``currency`` (a path)."""

    currency: str = "currency"
    css = "num"

    def sources(self, path: str) -> tuple[str, ...]:
        return (path, self.currency)

    def show(self, path: str, formats: Formats) -> Show:
        currency = self.currency
        return lambda row: escape(formats.money(row[path], row[currency]))


@dataclass(frozen=True)
class Number(Cell):
    places: int | None = None
    css = "num"

    def show(self, path: str, formats: Formats) -> Show:
        places = self.places
        return lambda row: formats.number(row[path], places=places)


@dataclass(frozen=True)
class Badge(Cell):
    """A choice as a coloured word. ``tones``: code → neutral, info, good, warn, bad or accent."""

    choices: Any
    tones: Mapping[str, str] = field(default_factory=dict)

    def show(self, path: str, formats: Formats) -> Show:
        made = {
            code: f'<span class="badge tag-{self.tones.get(code, "neutral")}">{escape(label)}</span>'
            for code, label in self.labels().items()
        }
        return lambda row: made.get(row[path]) or escape(row[path] or "")

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        labels = {code: str(label) for code, label in self.labels().items()}
        return lambda row: labels.get(row[path], row[path])

    def labels(self) -> dict[Any, Any]:
        choices = self.choices() if callable(self.choices) and not hasattr(self.choices, "choices") else self.choices
        return dict(getattr(choices, "choices", choices))


@dataclass(frozen=True)
class Person(Cell):
    """Initials and name of the person at this foreign key."""

    def sources(self, path: str) -> tuple[str, ...]:
        return (f"{path}_id", f"{path}__name")

    def show(self, path: str, formats: Formats) -> Show:
        key, name = f"{path}_id", f"{path}__name"
        made: dict[Any, str] = {None: ""}

        def show(row: Row) -> str:
            found = made.get(row[key])
            if found is None:
                found = made[row[key]] = _person(row[key], row[name])
            return found

        return show

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: row[f"{path}__name"]


@dataclass(frozen=True)
class Entry(Cell):
    """A dictionary entry in the reader's language."""

    def sources(self, path: str) -> tuple[str, ...]:
        return names_at(path)

    def show(self, path: str, formats: Formats) -> Show:
        plain = self.plain(path, formats)
        return lambda row: escape(plain(row) or "")

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        name = namer(path)
        return lambda row: name(row) or None


@dataclass(frozen=True)
class Phone(Cell):
    def show(self, path: str, formats: Formats) -> Show:
        return lambda row: (
            f'<a href="tel:{escape(row[path])}" class="text-nowrap">{escape(row[path])}</a>' if row[path] else ""
        )


@dataclass(frozen=True)
class Email(Cell):
    def show(self, path: str, formats: Formats) -> Show:
        return lambda row: f'<a href="mailto:{escape(row[path])}">{escape(row[path])}</a>' if row[path] else ""


@dataclass(frozen=True)
class YesNo(Cell):
    """Two words for true and false."""

    yes: Any
    no: Any = ""

    def show(self, path: str, formats: Formats) -> Show:
        yes, no = escape(self.yes), escape(self.no)
        return lambda row: yes if row[path] else no

    def plain(self, path: str, formats: Formats) -> Callable[[Row], Any]:
        return lambda row: str(self.yes if row[path] else self.no)


def around_number(url_name: str) -> tuple[str, str]:
    """The address before and after the number: reversing it for each row costs more than the rest of the cell.

    Two empty texts for a page that this installation does not have.
    """
    try:
        before, _zero, after = reverse(url_name, args=[0]).rpartition("0")
    except NoReverseMatch:
        return "", ""
    return before, after


def _person(pk: int, name: str) -> str:
    return (
        f'<span class="person"><span class="avatar avatar-xs tone-{pk % 8}" aria-hidden="true">'
        f'{escape(initials(name))}</span><span class="person-name">{escape(name)}</span></span>'
    )
