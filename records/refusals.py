"""How a verb says no: in words for the person, in codes for a program."""

from collections.abc import Iterable
from typing import Any


class Refused(Exception):
    """A rule or a state forbids what was asked. Nothing was changed.

    ``reason``: a stable code. ``state`` and ``allowed``: the state that forbids and the verbs that it allows.
    ``facts``: codes and ids that a caller may need (who won the claim, which limit).
    """

    def __init__(
        self,
        message: Any,
        *,
        reason: str,
        state: str | None = None,
        allowed: Iterable[str] = (),
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.state = state
        self.allowed = tuple(allowed)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)


class EditConflict(Exception):
    """Somebody else changed the same fields since the form was opened. Nothing was saved; nothing typed is lost.

    ``fields``: name → (opened, theirs, mine). ``version``: the record's version now. ``by``: who was faster, or None.
    """

    def __init__(self, fields: dict[str, tuple[Any, Any, Any]], *, version: int, by: Any = None) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields
        self.version = version
        self.by = by


class StaleVersion(Exception):
    """The record is not in the version that the caller has seen. Nothing was changed. ``version``: the one it has."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version
