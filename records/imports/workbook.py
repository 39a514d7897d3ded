"""Workbooks are opened in a process of their own, with limits on memory and time: a hostile file ends that process.

What comes back is a plain CSV per sheet in UTF-8, and a report as JSON. Formulas are never calculated: the cell's last
value is read, as any viewer shows it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from records.imports.problems import FileProblem

SECONDS = 120
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: int
    formulas: int
    path: Path


def unpack(path: Path, into: Path) -> list[Sheet]:
    """Writes every visible sheet with data as CSV into the folder. Raises FileProblem."""
    into.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-X", "utf8", "-m", "records.imports.workbook_reader", str(path), str(into)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False, env={"PATH": ""})
    except subprocess.TimeoutExpired as error:
        raise FileProblem("too_slow") from error
    try:
        report = json.loads(done.stdout)
    except ValueError as error:  # killed by a limit before it could say anything
        raise FileProblem("too_slow" if done.returncode else "damaged") from error
    if problem := report.get("problem"):
        raise FileProblem(problem["code"], **problem["params"])
    return [Sheet(s["name"], s["rows"], s["formulas"], into / s["file"]) for s in report["sheets"]]
