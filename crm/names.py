"""Names in three languages (``name``, ``name_zh``, ``name_ru``) of rows that were read with ``values()``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language


def names_at(path: str) -> tuple[str, str, str]:
    """The paths to read of what stands at ``path``, a foreign key to something with names."""
    return (f"{path}__name", f"{path}__name_zh", f"{path}__name_ru")


def name_at(row: Mapping[str, Any], path: str) -> str:
    """In the active language; the first name where none was given; "" for nothing there."""
    return namer(path)(row)


def namer(path: str) -> Callable[[Mapping[str, Any]], str]:
    """``name_at`` for many rows: the language is looked up once."""
    name, chinese, russian = names_at(path)
    local = {"zh": chinese, "ru": russian}.get((get_language() or "en")[:2], name)
    return lambda row: row[local] or row[name] or ""
