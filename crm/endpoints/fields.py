"""Schemas read off a model's fields, so that the API takes and shows what the database holds, by the same limits."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, create_model

from crm.endpoints.schemas import Code, Day, Flag, Id, Model, Moment, Money, MoneyShown, Number, Text, money
from records.models import DictionaryEntry

_INTEGERS = {"PositiveSmallIntegerField": (0, 32767), "PositiveIntegerField": (0, 2**31 - 1)}


def body(
    title: str, model: Any, names: Iterable[str], *, required: Iterable[str] = (), example: Any = None, **more: Any
) -> type[Schema]:
    """A body with these fields of the model; those not ``required`` may be left out. ``more``: name → type."""
    required = set(required)
    fields = {name: _taken(model._meta.get_field(name)) for name in names} | more
    asked: dict[str, Any] = {name: (kind, ... if name in required else None) for name, kind in fields.items()}
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [example]} if example else None)
    base = type(title, (Model,), {"model_config": config, "__module__": __name__})
    return create_model(title, __base__=base, **asked)


def out(title: str, model: Any, names: Iterable[str], **more: Any) -> type[Schema]:
    """What is shown: id, version, these fields, and ``more``."""
    first = [name for name in ("id", "version") if any(field.name == name for field in model._meta.fields)]
    fields: dict[str, Any] = {name: (_shown(model._meta.get_field(name)), ...) for name in [*first, *names]}
    fields |= {name: (kind, ...) for name, kind in more.items()}
    return create_model(title, __base__=Schema, **fields)


def shower(model: Any, names: Iterable[str], **more: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    """``show`` of a collection for the schema that ``out`` makes of the same names."""
    first = [name for name in ("id", "version") if any(field.name == name for field in model._meta.fields)]
    readers = {name: _reader(model._meta.get_field(name)) for name in [*first, *names]} | more
    return lambda record: {name: read(record) for name, read in readers.items()}


def _is_entry(field: Any) -> bool:
    return field.is_relation and field.related_model is DictionaryEntry


def _reader(field: Any) -> Callable[[Any], Any]:
    if _is_entry(field):
        return lambda record: getattr(record, field.name).code if getattr(record, field.attname) else None
    if type(field).__name__ == "AmountField":
        return lambda record: money(getattr(record, field.name), record.currency)
    if field.get_internal_type() == "DecimalField":
        return lambda record: _plainly(getattr(record, field.attname))
    return lambda record: getattr(record, field.attname)


def _plainly(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _shown(field: Any) -> Any:
    if _is_entry(field):
        kind: Any = str
    elif field.is_relation:
        kind = int
    elif type(field).__name__ == "AmountField":
        kind = MoneyShown
    else:
        kind = _SHOWN[field.get_internal_type()]
    return kind | None if field.null else kind


_SHOWN: Mapping[str, Any] = {
    "CharField": str, "TextField": str, "BooleanField": bool, "DateField": datetime.date,
    "DateTimeField": datetime.datetime, "DecimalField": str, "BigAutoField": int, "IntegerField": int,
    "PositiveSmallIntegerField": int, "PositiveIntegerField": int, "SmallIntegerField": int, "BigIntegerField": int,
}  # fmt: skip


def _taken(field: Any) -> Any:
    kind = _taken_kind(field)
    return kind | None if field.null else kind


def _taken_kind(field: Any) -> Any:
    if _is_entry(field):
        return Code
    if field.is_relation:
        return Id
    if type(field).__name__ == "AmountField":
        return Money
    if field.choices:
        known = [value for value, _label in field.flatchoices] + ([""] if field.blank else [])
        return Literal[tuple(dict.fromkeys(known))]
    name = field.get_internal_type()
    if name == "CharField":
        return Annotated[
            str, StringConstraints(strip_whitespace=True, max_length=field.max_length, pattern=r"^[^\x00]*$")
        ]
    if name in _INTEGERS:
        least, most = _INTEGERS[name]
        return Annotated[int, Field(ge=least, le=most, strict=True)]
    return {"TextField": Text, "BooleanField": Flag, "DateField": Day, "DateTimeField": Moment, "DecimalField": Number}[
        name
    ]
