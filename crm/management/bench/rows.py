"""A row of the benchmark, and the register of all."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from crm.register import Register

# kind → how many times its floor a row may cost (DOORS: floors)
LIMITS = {"page": 1.5, "composed": 3.0, "import": 3.0, "sweep": 2.0, "report": 1.5}


@dataclass(frozen=True)
class Pair:
    """``ours`` and ``floor`` get what ``around`` yields, which is entered for each of them and not measured.

    ``same(ours, floor)``: whether both did the same, by what they returned. ``bare``: a floor of the floor, told beside
    it and held to no limit.
    """

    ours: Callable[[Any], Any]
    floor: Callable[[Any], Any]
    bare: Callable[[Any], Any] | None = None
    same: Callable[[Any, Any], bool] = lambda ours, floor: True
    around: Callable[[], AbstractContextManager[Any]] = nullcontext


@dataclass(frozen=True)
class Row:
    """``prepare()`` makes the pair, or None where this data has nothing to measure it on.

    ``times``: how often each side runs; ``limit``: another than its kind's; ``most_ms``: CPU at most, whatever the
    floor costs.
    """

    name: str
    kind: str
    about: str
    prepare: Callable[[], Pair | None]
    times: int = 9
    limit: float = 0
    most_ms: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def most(self) -> float:
        return self.limit or LIMITS[self.kind]


rows: Register[Row] = Register("row of the benchmark")


def chosen(only: str) -> Iterator[Row]:
    """All rows, or those of this name, kind, or beginning of a name."""
    for row in rows:
        if not only or only in (row.name, row.kind) or row.name.startswith(f"{only}."):
            yield row
