"""The filters of a list: a django-filter set that costs nothing for the filters which nobody uses."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.functional import cached_property
from django_filters import FilterSet

# What the address of a list holds besides filters.
RESERVED = frozenset({"q", "sort", "at", "view", "page"})


class ListFilters(FilterSet):
    """Base of all filter sets of lists; ``self.user`` scopes the choices of a filter.

    A filter that names people or records takes its choices through ``people_in_reach`` or ``.visible_to(user)``.
    """

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Any, names: Iterable[str] | None = None
    ) -> None:
        self.user = user
        if names is not None:
            # Copying and building a dozen form fields costs more than the query under them.
            self.base_filters = {name: self.base_filters[name] for name in names}  # type: ignore[has-type]
        super().__init__(data, queryset)

    @classmethod
    def names_in(cls, data: QueryDict) -> list[str]:
        """The filters that ``data`` sets; a range has its values under ``name_after``, ``name_min`` and so on."""
        given = {key for key in data if any(data.getlist(key)) and key not in RESERVED}
        return [
            name
            for name in cls.base_filters
            if name in given or any(key.startswith(f"{name}_") and _is_suffix(key[len(name) + 1 :]) for key in given)
        ]


SUFFIXES = frozenset({"after", "before", "min", "max", "from", "to", "text", "chosen"})


def _is_suffix(text: str) -> bool:
    return text in SUFFIXES


class Filtering:
    """What one request wants filtered: validated once, applied to each branch."""

    def __init__(self, spec: Any, data: QueryDict, user: Any) -> None:
        self.spec, self.data, self.user = spec, data, user
        self.words = data.get("q", "").replace("\x00", "").strip()[:200] if spec.search else ""
        self.names = spec.filterset.names_in(data) if spec.filterset else []

    @cached_property
    def filterset(self) -> ListFilters | None:
        """Only the filters in use; None when there are none."""
        if not self.names:
            return None
        return self.spec.filterset(self.data, self.spec.model.objects.none(), user=self.user, names=self.names)

    @property
    def is_active(self) -> bool:
        return bool(self.names or self.words)

    @cached_property
    def errors(self) -> list[str]:
        """In words; a list whose filter makes no sense shows nothing rather than everything."""
        if self.filterset is None or self.filterset.is_valid():
            return []
        fields = self.filterset.form.fields
        return [
            f"{fields[name].label if name in fields else name}: {message}"
            for name, messages in self.filterset.errors.items()
            for message in messages
        ]

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        if self.errors:
            return rows.none()
        if self.filterset is not None:
            rows = self.filterset.filter_queryset(rows)
        return self._by_words(rows) if self.words else rows

    @cached_property
    def _by_words(self) -> Any:
        return self.spec.search(self.words, self.user)

    def without(self, name: str) -> QueryDict:
        """The address' parameters without this filter: the cross of its chip."""
        rest = self.data.copy()
        for key in list(rest):
            if key == name or (key.startswith(f"{name}_") and _is_suffix(key[len(name) + 1 :])):
                del rest[key]
        return rest
