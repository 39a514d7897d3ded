"""The kinds of business records: what generic rooms (events, files, search, undo) need to know of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse

from crm.register import Register


@dataclass(frozen=True)
class Kind:
    """``model`` as ``"app.Model"``; ``detail`` and ``list`` are names of URLs (detail takes the pk)."""

    code: str
    model_name: str
    label: Any
    plural: Any
    icon: str
    detail: str | None = None
    list: str | None = None
    url: Callable[[Any], str] | None = None

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_name)

    def url_of(self, record: Any) -> str:
        """Where a record is seen: its own page, or the page of what it hangs on."""
        if self.url:
            return self.url(record)
        return reverse(self.detail, args=[record.pk]) if self.detail else ""


kinds: Register[Kind] = Register("kind")
