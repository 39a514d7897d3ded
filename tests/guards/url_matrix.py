"""One line per address: what each of the test people gets there.

A room keeps its lines in `tests/<room>/url_rows.py`:

    from tests.guards.url_matrix import row

    def lead(people):  # what the address is about: its arguments
        return {"pk": makers.lead(owner=people["alice"]).pk}

    ROWS = [
        row("leads:list", nobody=403),
        row("leads:detail", lead, charlie=404, finn=403, nobody=404),
        row("leads:qualify", lead, method="post", data={"note": "x"}, everybody=404, alice=302, tess=302),
    ]

`everybody` (200 when not said) is what holds for whoever is not named; `anonymous` (302, to sign-in) for nobody signed
in. `data` may be a function of the people too. Whatever a row changes is rolled back before the next person asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PERSONAS = ("alice", "bob", "charlie", "tess", "erin", "ada", "olga", "finn", "nobody")
People = dict[str, Any]


@dataclass(frozen=True)
class Row:
    name: str
    make: Callable[[People], dict] | None
    method: str
    data: Any
    expected: dict[str, int]

    def __str__(self) -> str:
        return self.name if self.method == "get" else f"{self.name}-{self.method}"

    def status_for(self, persona: str) -> int:
        if persona == "anonymous":
            return self.expected.get("anonymous", 302)
        return self.expected.get(persona, self.expected.get("everybody", 200))


def row(
    name: str,
    make: Callable[[People], dict] | None = None,
    *,
    method: str = "get",
    data: dict | Callable[[People], dict] | None = None,
    **expected: int,
) -> Row:
    unknown = set(expected) - {"everybody", "anonymous", *PERSONAS}
    assert not unknown, f"{name}: nobody is called {unknown}"
    return Row(name, make, method, data, expected)


def all_rows() -> list[Row]:
    here = Path(__file__).resolve().parents[1]
    rooms = sorted(file.parent.name for file in here.glob("*/url_rows.py"))
    return [each for room in rooms for each in import_module(f"tests.{room}.url_rows").ROWS]
