"""What a run says: a table on the screen, figures as JSON, and how much a row grew since the smallest size."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crm.management.bench.measure import Result

SIZES = ("10k", "100k", "1m")
SMALLEST = SIZES[0]


class Results:
    """Kept per size, so that the growth can be told later. ``folder`` is made when something is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, size: str, results: Sequence[Result]) -> None:
        """Rows that were not measured this time keep their figures."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {**self.of(size), **{result.row.name: told(result) for result in results}}
        (self.folder / f"{size}.json").write_text(json.dumps(kept, indent=1))

    def of(self, size: str) -> dict[str, dict[str, Any]]:
        file = self.folder / f"{size}.json"
        return json.loads(file.read_text()) if file.exists() else {}


def told(result: Result) -> dict[str, Any]:
    """A row as DOORS says it, and what else is worth keeping."""
    return {
        "name": result.row.name,
        "kind": result.row.kind,
        "ours_ms": round(result.ours, 2),
        "floor_ms": round(result.floor, 2),
        "ratio": round(result.ratio, 3),
        "limit": result.row.most,
        "most_ms": result.row.most_ms,
        "ok": not result.is_over,
        "ours_wall_ms": round(result.ours_wall, 2),
        "floor_wall_ms": round(result.floor_wall, 2),
        "queries": result.queries,
        "n": result.times,
        **({} if result.bare is None else {"bare_ms": round(result.bare, 2)}),
        **result.row.facts,
    }


def write_json(file: Path, size: str, results: Sequence[Result]) -> None:
    file.write_text(json.dumps({"size": size, "rows": [told(result) for result in results]}, indent=1) + "\n")


def head() -> str:
    return f"{'row':<48}{'ours':>10}{'floor':>10}{'ratio':>8}{'limit':>7}{'bare':>9}{'wall':>10}{'queries':>9}{'n':>4}"


def line(result: Result) -> str:
    verdict = "over" if result.is_over else "ok"
    most = f" (at most {result.row.most_ms:.0f} ms)" if result.row.most_ms else ""
    bare = "" if result.bare is None else f"{result.bare:.1f}"
    facts = "".join(f"  {name} {value}" for name, value in result.row.facts.items())
    return (
        f"{result.row.name:<48}{result.ours:>10.1f}{result.floor:>10.1f}{result.ratio:>8.2f}{result.row.most:>7.1f}"
        f"{bare:>9}{result.ours_wall:>10.1f}{result.queries:>9}{result.times:>4}  {verdict}{most}{facts}"
    )


def say_growth(results: Results, *, say: Callable[[str], Any]) -> None:
    """Each row's cost at each size, beside the smallest. A page should be flat."""
    of_sizes = {size: results.of(size) for size in SIZES}
    measured = [size for size in SIZES if of_sizes[size]]
    if SMALLEST not in measured or len(measured) < 2:
        return
    say(f"\n{'growth (ms CPU)':<48}" + "".join(f"{size:>10}" for size in measured) + f"{'growth':>9}")
    for name, first in of_sizes[SMALLEST].items():
        costs = [of_sizes[size].get(name) for size in measured]
        if costs[-1] is not None:
            shown = "".join(f"{cost['ours_ms']:>10.1f}" if cost else f"{'–':>10}" for cost in costs)
            say(f"{name:<48}{shown}{costs[-1]['ours_ms'] / first['ours_ms']:>8.2f}×")
