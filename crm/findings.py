"""What may be wrong with an installation, each with what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}\n    → {self.remedy}"
