"""The version and the values with which a form was opened: they travel with it, signed, and decide what conflicts."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from records.log import plain

FIELD = "opened"


@dataclass(frozen=True)
class Opened:
    """``values``: field → plain value, as the form showed it first."""

    version: int
    values: dict[str, Any]

    @classmethod
    def of(cls, record: Any, names: list[str]) -> "Opened":
        values = {name: plain(getattr(record, record._meta.get_field(name).attname)) for name in names}
        return cls(record.version, values)

    def signed(self, record: Any) -> str:
        return signing.dumps([self.version, self.values], salt=_salt(record), compress=True)

    @classmethod
    def read(cls, text: str, record: Any) -> "Opened | None":
        """None when nothing (usable) was posted: then the record's present values count as those that were seen."""
        try:
            version, values = signing.loads(text, salt=_salt(record))
        except (signing.BadSignature, ValueError):
            return None
        return cls(version, values)

    def with_theirs(self, conflict: Any) -> "Opened":
        """After a conflict: its fields were seen as they are now; all others stay as they were first seen."""
        theirs = {name: plain(value) for name, (_opened, value, _mine) in conflict.fields.items()}
        return Opened(conflict.version, {**self.values, **theirs})


def _salt(record: Any) -> str:
    return f"opened {record.kind} {record.pk}"
