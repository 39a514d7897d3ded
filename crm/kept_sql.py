"""Statements that are written once and asked many times.

The ORM takes longer to write a page's statement than the server to answer it, and writes the same text again for the
same person: what follows from her reach stays, only moments pass. Such a statement is kept in the process under a key
that names all it follows from; moments are ``At`` and ``On``, and are filled in anew each time:

    late = lambda: written({"tasks": tasks.filter(due_at__lt=At.of("now", now)).values("pk")})
    kept.written(("late", shape), late, {"now": now}, holds=lambda: access.shape_of(user) == shape)

A statement that holds a date of another kind is not kept: it would go stale.
"""

import datetime
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Self

NOTHING = datetime.timedelta(0)


class At(datetime.datetime):
    """A moment by its name, and how far from it."""

    name = ""
    shift = NOTHING

    @classmethod
    def of(cls, name: str, moment: datetime.datetime) -> Self:
        made = cls.combine(moment.date(), moment.timetz())
        made.name = name
        return made

    def __add__(self, far: datetime.timedelta) -> Self:
        return _moved(self, super().__add__(far), far)

    def __sub__(self, other: Any) -> Any:
        return self + -other if isinstance(other, datetime.timedelta) else super().__sub__(other)


class On(datetime.date):
    """A day by its name, and how far from it."""

    name = ""
    shift = NOTHING

    @classmethod
    def of(cls, name: str, day: datetime.date) -> Self:
        made = cls(day.year, day.month, day.day)
        made.name = name
        return made

    def __add__(self, far: datetime.timedelta) -> Self:
        return _moved(self, super().__add__(far), far)

    def __sub__(self, other: Any) -> Any:
        return self + -other if isinstance(other, datetime.timedelta) else super().__sub__(other)


def _moved(before: Any, after: Any, far: datetime.timedelta) -> Any:
    after.name, after.shift = before.name, before.shift + far
    return after


@dataclass(frozen=True)
class Written:
    """``extra``: what the reader of the answer needs besides."""

    sql: str
    params: list[Any]
    extra: Any = None

    def at(self, moments: Mapping[str, Any]) -> "Written":
        return replace(self, params=[_now(value, moments) for value in self.params])

    @property
    def goes_stale(self) -> bool:
        """Whether a day stands in it that has no name."""
        return any(isinstance(value, datetime.date) and not getattr(value, "name", "") for value in self.params)


def _now(value: Any, moments: Mapping[str, Any]) -> Any:
    return moments[value.name] + value.shift if isinstance(value, (At, On)) and value.name else value


class Kept:
    """The latest asked ``most`` statements of this process. Threads may write one twice, never mix them up."""

    def __init__(self, most: int = 1_000) -> None:
        self.most = most
        self._lock = Lock()
        self._held: OrderedDict[Hashable, Written] = OrderedDict()

    def written(
        self, key: Hashable, write: Callable[[], Written], moments: Mapping[str, Any], *, holds: Callable[[], bool]
    ) -> Written:
        """``holds()`` is asked after writing: what changed meanwhile is not kept under what was before."""
        found = self._find(key)
        if found is None:
            found = write()
            if not found.goes_stale and holds():
                self._hold(key, found)
        return found.at(moments)

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def _find(self, key: Hashable) -> Written | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def _hold(self, key: Hashable, written: Written) -> None:
        with self._lock:
            self._held[key] = written
            while len(self._held) > self.most:
                self._held.popitem(last=False)


kept = Kept()
