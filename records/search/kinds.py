"""The kinds that search looks through; each room adds its own in apps.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from crm.register import Register


@dataclass(frozen=True)
class Searchable:
    """``model`` and ``rows`` as "app.Model"; ``rows`` is the SearchRow table whose record_id is the model's pk.

    ``describe(record)`` → (title, line below it). ``related``: what describe reads, for select_related. ``walk``: the
    order in which the reach of one person is walked for words that are on very many rows; an index must serve it.
    """

    kind: str
    model_name: str
    rows_name: str
    describe: Callable[[Any], tuple[str, str]]
    related: tuple[str, ...] = ()
    walk: tuple[str, ...] = ("-created_at", "-id")

    @property
    def model(self) -> Any:
        return apps.get_model(self.model_name)

    @property
    def rows(self) -> type[models.Model]:
        return apps.get_model(self.rows_name)


searchables: Register[Searchable] = Register("searchable kind")
