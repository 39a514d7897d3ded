"""Undo of a batch: each verb that changes many rows says here how it is taken back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.register import Register


@dataclass
class UndoResult:
    """``restored`` rows; ``left`` rows that changed since, as dicts with kind, id, and who changed them last."""

    restored: int = 0
    left: list[dict[str, Any]] = field(default_factory=list)


# verb of the batch → function(batch, *, by, dry_run) → UndoResult
undoers: Register[Callable[..., UndoResult]] = Register("undo")
