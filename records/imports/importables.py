"""What can be imported: each room registers its kinds here, in its ``imports.py``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from crm.register import Register
from records.imports.header import fold_header

if TYPE_CHECKING:
    from records.imports.load import Load

# What the stage table holds of a column, by the way its text is read.
SQL_TYPES = {
    "text": "text", "key": "text", "email": "text", "phone": "text", "country": "text", "currency": "text",
    "choice": "text", "values": "text", "integer": "bigint", "number": "numeric", "amount": "numeric",
    "boolean": "boolean", "date": "date", "moment": "timestamptz", "person": "bigint", "dictionary": "bigint",
    "match": "bigint", "dates": "jsonb",
}  # fmt: skip


@dataclass(frozen=True)
class ImportColumn:
    """One field that a column of a file can be meant for.

    ``type`` is one of SQL_TYPES. ``aliases``: header names in any language, as they stand in exports; compared folded.
    ``of``: the dictionary list, or for ``match`` the name under which ``Importable.candidates`` offers records.
    ``choices``: for ``choice``, code → spellings. ``many``: several columns may be meant for it (``dates`` only).
    """

    name: str
    label: Any
    type: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    max_length: int = 255
    of: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    many: bool = False

    @property
    def folded(self) -> set[str]:
        labels = []
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels.append(str(self.label))
        return {fold_header(alias) for alias in (self.name, *self.aliases, *labels)}


@dataclass(frozen=True)
class Importable:
    """How rows of one kind come in.

    ``plural`` names it on the command (``customers``), ``right`` is the kind whose right ``import`` counts.
    ``derive(values, load)`` adds derived values to a row's dict, in plain Python, or refuses it by raising BadValue;
    ``derived``: their SQL types. ``load(load)`` decides and writes in a few statements over the stage table.
    ``candidates``: name → function(load) that lists (id, names…) a text may match.
    """

    kind: str
    plural: str
    label: Any
    right: str
    columns: tuple[ImportColumn, ...]
    load: Callable[["Load"], None]
    derive: Callable[[dict[str, Any], "Load"], None] | None = None
    derived: Mapping[str, str] = field(default_factory=dict)
    candidates: Mapping[str, Callable[["Load"], list[tuple]]] = field(default_factory=dict)
    # One of them is needed when no single column is.
    needs_one_of: tuple[str, ...] = ()
    # These need a column each, though their cells may be empty.
    needs: tuple[str, ...] = ()
    # What a proposal for this kind needs beyond the header names: function(mapping, table).
    complete: Callable[..., None] | None = None
    # Words of the file that are chosen on the mapping page: function(table, mapping) → [ValueChoice].
    value_choices: Callable[..., list["ValueChoice"]] | None = None
    # What the rows need before they are read, when the connection is free: function(load).
    prepare: Callable[["Load"], None] | None = None
    # What follows once rows of it were taken back: function(ids).
    after_undo: Callable[[list[int]], None] | None = None
    has_owner: bool = True
    order: int = 100

    def column(self, name: str) -> ImportColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def knows(self, folded: str) -> bool:
        return folded in self.names

    @cached_property
    def names(self) -> dict[str, str]:
        """Folded header name → field, in all languages; an earlier column of the register wins."""
        found: dict[str, str] = {}
        for column in self.columns:
            for alias in column.folded:
                found.setdefault(alias, column.name)
        return found


@dataclass(frozen=True)
class ValueChoice:
    """A word of the file and what it may mean. ``name`` is the input's; ``choices``: (group, [(value, label)])."""

    name: str
    raw: str
    chosen: str
    choices: list[tuple[Any, list[tuple[str, Any]]]]


importables: Register[Importable] = Register("importable kind")


def by_plural(plural: str) -> Importable | None:
    """``"customers"`` or ``"customer"`` → how it is imported."""
    return next((each for each in importables if plural in (each.plural, each.kind)), None)


def offered() -> list[Importable]:
    """In the order in which a company brings its data in: people first, then what hangs on them."""
    return sorted(importables, key=lambda each: each.order)
