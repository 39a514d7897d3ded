"""A foreign key to very many rows: typed and chosen, never a menu of a million options.

With JavaScript the typed words bring suggestions. Without, a name that fits exactly one record in reach, or ``#`` and
its number, is enough. Both are resolved here, within reach; a chosen number that is out of reach is refused alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.register import Register
from records.kinds import kinds
from records.search.ask import question
from records.search.find import matching
from records.search.kinds import searchables

SHOWN = 10
BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Lookup:
    """``rows(user)``: what may be chosen. ``name``: the field that a typed name is compared with.

    ``find(user, words, limit)``: suggestions, the best first. ``line(row)``: the second line of a suggestion.
    """

    rows: Callable[[Any], models.QuerySet]
    find: Callable[[Any, str, int], list[Any]]
    name: str = "name"
    line: Callable[[Any], str] = lambda _row: ""


lookups: Register[Lookup] = Register("lookup")


def lookup_of(name: str) -> Lookup | None:
    """A registered one, or that of a kind which the search knows."""
    if name in lookups:
        return lookups[name]
    return _of_kind(name) if name in searchables and name in kinds else None


def _of_kind(kind: str) -> Lookup:
    searchable = searchables[kind]

    def find(user: Any, words: str, limit: int) -> list[Any]:
        asked = question(words)
        return matching(user, searchable, asked, limit=limit) if asked else []

    return Lookup(
        rows=lambda user: kinds[kind].model.objects.visible_to(user),  # type: ignore[attr-defined]
        find=find,
        line=lambda row: searchable.describe(row)[1],
    )


def _find_people(_user: Any, words: str, limit: int) -> list[Any]:
    return list(User.objects.active().filter(name__icontains=words).order_by("name", "id")[:limit])


# Names of active users are visible to everybody who is signed in (PRODUCT §1).
lookups.add(
    "person",
    Lookup(lambda _user: User.objects.active(), _find_people, line=lambda row: str(row.team or "")),
)


class LookupWidget(forms.Widget):
    template_name = "forms/_lookup_widget.html"

    def __init__(self, lookup: str, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.lookup = lookup
        self.choices_of: Callable[[Any], Any] = lambda _value: None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        pk, text = self._shown(value)
        context["widget"].update({"lookup": self.lookup, "pk": pk, "text": text})
        return context

    def _shown(self, value: Any) -> tuple[str, str]:
        if isinstance(value, Typed):
            return str(value.pk or ""), value.text
        found = self.choices_of(value) if value not in (None, "") else None
        return (str(found.pk), str(found)) if found else ("", "")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> "Typed":
        return Typed(data.get(name, ""), data.get(f"{name}_text", ""), data.get(f"{name}_chosen", ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        return id_


class Typed:
    """What came from the widget: the number chosen last, its name then, and what the box says now."""

    def __init__(self, number: str, text: str, chosen: str) -> None:
        self.text = text.replace("\x00", "").strip()
        self.pk = _number(number) if not chosen or chosen == self.text or not self.text else None
        if chosen and not self.text:  # the box was emptied
            self.pk = None

    @property
    def is_empty(self) -> bool:
        return self.pk is None and not self.text


def _number(text: Any) -> int | None:
    digits = str(text or "").strip().lstrip("#")
    return int(digits) if digits.isdecimal() and int(digits) <= BIGGEST else None


class LookupField(forms.ModelChoiceField):
    """``LookupField("customer")``, ``LookupField("person")``. In a ``RecordForm`` it is scoped by itself."""

    default_error_messages = {
        "unknown": _("There is no such record within your reach."),
        "several": _("Several records have this name. Choose one of them, or type # and its number."),
    }

    def __init__(self, lookup: str, **kwargs: Any) -> None:
        kwargs["widget"] = LookupWidget(lookup)
        self.lookup_name = lookup
        super().__init__(queryset=User.objects.none(), **kwargs)

    def scope_to(self, user: Any, *, keep: Any = None) -> None:
        """``keep``: number of the record that stands there now; it may stay although it is out of reach."""
        lookup = lookup_of(self.lookup_name)
        assert lookup is not None, f"no lookup {self.lookup_name!r}"
        self.lookup = lookup
        self.queryset = lookup.rows(user)
        self.keep = keep
        self.widget.choices_of = self._present

    def _present(self, value: Any) -> Any:
        """The record that the form shows first; it may be out of reach, and then only its name is told."""
        return self.queryset.model._base_manager.filter(pk=value).first()

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, Typed):
            value = Typed(str(value or ""), "", "")
        if value.is_empty:
            return None
        pk = value.pk if value.pk is not None else (_number(value.text) if value.text.startswith("#") else None)
        if pk is not None and pk == self.keep:
            return self._present(pk)
        if pk is not None:
            return self._only(self.queryset.filter(pk=pk))
        return self._only(self.queryset.filter(**{f"{self.lookup.name}__iexact": value.text}))

    def _only(self, rows: models.QuerySet) -> Any:
        found = list(rows[:2])
        if len(found) == 1:
            return found[0]
        code = "several" if found else "unknown"
        raise ValidationError(self.error_messages[code], code=code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        pk = data.pk if isinstance(data, Typed) else data
        return str(getattr(initial, "pk", initial) or "") != str(pk or "") or (
            isinstance(data, Typed) and pk is None and bool(data.text)
        )

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
