"""What keeps a record out of the trash: money or a contract that hangs on it (PRODUCT §1, Delete).

A higher room adds ``Anchor(kind, holds)``: ``holds(record)`` tells, in words for the person, why the record must stay,
or gives None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.register import Register
from records.refusals import Refused


@dataclass(frozen=True)
class Anchor:
    kind: str
    holds: Callable[[Any], Any]


anchors: Register[Anchor] = Register("anchor")


def refuse_if_anchored(record: Any) -> None:
    reason = holds(record)
    if reason:
        raise Refused(reason, reason="anchored")


def holds(record: Any) -> Any:
    """Why the record must stay, or None."""
    told = (anchor.holds(record) for anchor in anchors if anchor.kind == record.kind)
    return next((reason for reason in told if reason), None)
