"""What became of a file, for its page: counts, what was assumed, what is to settle, why rows were left out."""

from dataclasses import dataclass
from typing import Any

from records.imports import notes, reasons
from records.imports.problems import MESSAGES
from records.models import FileImport

SHOWN = 50


@dataclass(frozen=True)
class Result:
    """Lists of (sentence, count); ``refused``: (row, reason) of the first rows."""

    counts: dict[str, int]
    assumed: list[tuple[str, int]]
    settle: list[tuple[str, int]]
    skipped: list[tuple[str, int]]
    refused: list[tuple[int, str]]
    problem: str

    @property
    def would_write(self) -> bool:
        return bool(self.counts.get("added") or self.counts.get("updated"))


def result_of(file_import: FileImport) -> Result:
    report = file_import.report
    return Result(
        {name: report.get(name, 0) for name in ("read", "added", "updated", "skipped", "refused")},
        [(notes.words(note), note[2]) for note in report.get("assumed", [])],
        [(notes.words(note), note[2]) for note in report.get("settle", [])],
        [(reasons.words(reason), count) for reason, count in report.get("skip_reasons", [])],
        [(row, reasons.words(why)) for row, why in file_import.refused_rows.values_list("row", "reasons")[:SHOWN]],
        _problem(file_import.problem),
    )


def _problem(told: dict[str, Any]) -> str:
    return str(MESSAGES[told["code"]]) % told.get("params", {}) if told else ""
