"""A list that a person puts in order: dragged, or one place up or down by a button."""

from typing import Any

from django.utils.translation import gettext as _

from records.refusals import Refused


def wanted_order(data: Any, current: list[int]) -> list[int]:
    """The order that was posted: ``order`` (all numbers, after a drag) or ``move`` (``"5:up"``).

    ``seen`` is the order that the person saw. Refused when the list is another one by now: her arrangement would
    silently take back a colleague's.
    """
    seen = _numbers(data.get("seen", ""))
    if seen != current:
        raise Refused(_("Somebody else changed this list meanwhile. Look at it, then try again."), reason="stale")
    if dragged := _numbers(data.get("order", "")):
        return dragged if sorted(dragged) == sorted(current) else current
    pk, _colon, way = data.get("move", "").partition(":")
    if not pk.isdecimal() or int(pk) not in current:
        return current
    place = current.index(int(pk))
    target = min(max(place + (-1 if way == "up" else 1), 0), len(current) - 1)
    wanted = list(current)
    wanted.insert(target, wanted.pop(place))
    return wanted


def _numbers(text: str) -> list[int]:
    parts = text.split(",")
    return [int(part) for part in parts] if all(part.isdecimal() and len(part) < 19 for part in parts) else []
