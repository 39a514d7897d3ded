"""Every column that points at a record which may be merged: each room says how its rows go over to the other one.

A guard test compares the two registers with all models, so that a new table cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from crm.register import Register


@dataclass(frozen=True)
class Link:
    """``column`` of ``model`` holds numbers of records of ``kind``.

    ``when``: SQL over the row ``t`` for tables that point at several kinds. ``same``: SQL over two rows ``t`` and ``k``
    that say the same; then the one of the dropped record stays where it is. ``choice``: the list of the plan that
    decides (records.merge.kinds.Listed). ``of``: the kind of the rows themselves. ``shown``: counted in the preview.
    """

    kind: str
    model: str
    column: str
    label: Any = ""
    when: str = "true"
    same: str = ""
    choice: str = ""
    of: str = ""

    @property
    def table(self) -> str:
        return connection.ops.quote_name(apps.get_model(self.model)._meta.db_table)

    @property
    def place(self) -> str:
        return f"{self.model}.{self.column}"

    def rows(self, *, side: str = "drop", other: str = "keep") -> str:
        """SQL: which rows ``t`` of one record go over to the other."""
        where = f"t.{self.column} = %({side})s AND {self.when}"
        if self.same:
            twin = f"SELECT 1 FROM {self.table} k WHERE k.{self.column} = %({other})s AND {self.same}"
            where += f" AND NOT EXISTS ({twin})"
        return where


@dataclass(frozen=True)
class Adjustment:
    """What has to change at rows of the dropped record before they may hang on the kept one: a second main contact.

    ``values``: column → SQL; ``when``: SQL over the row ``t``, with %(keep)s and %(drop)s.
    """

    kind: str
    model: str
    values: dict[str, str]
    when: str

    @property
    def table(self) -> str:
        return connection.ops.quote_name(apps.get_model(self.model)._meta.db_table)


links: Register[Link] = Register("link to a record that may be merged")
adjustments: Register[Adjustment] = Register("adjustment of a merge")
# "app.Model.column" → why its rows stay where they are
not_moved: Register[str] = Register("column that a merge leaves alone")


def add_links(*added: Link) -> None:
    for link in added:
        number = sum(1 for name in links.names() if name.startswith(f"{link.kind}:{link.place}"))
        links.add(f"{link.kind}:{link.place}" + (f":{number}" if number else ""), link)


def links_of(kind: str) -> Iterator[tuple[str, Link]]:
    return ((name, links[name]) for name in links.names() if links[name].kind == kind)


def adjustments_of(kind: str) -> Iterator[tuple[str, Adjustment]]:
    return ((name, adjustments[name]) for name in adjustments.names() if adjustments[name].kind == kind)
