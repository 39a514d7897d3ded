"""Who gets what: one heir, by region, or evenly; the same reckoning for preview and run."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ONE, REGION, EVENLY = "one", "region", "evenly"


@dataclass(frozen=True)
class Plan:
    """``heirs``: the one, or who gets what no region names, or those who take turns. ``regions``: region → heir.

    ``places``: kind → where its rows go instead, as far as they may.
    """

    way: str = ONE
    heirs: tuple[int, ...] = ()
    regions: Mapping[int, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def people(self) -> list[int]:
        return sorted({*self.heirs, *self.regions.values()})

    def among(self, able: Collection[int]) -> "Plan":
        """The same without those who cannot take this kind: what was theirs goes to the others."""
        return replace(
            self,
            heirs=tuple(pk for pk in self.heirs if pk in able),
            regions={region: pk for region, pk in self.regions.items() if pk in able},
        )

    def as_json(self) -> dict[str, Any]:
        regions = {str(region): pk for region, pk in self.regions.items()}
        return {"way": self.way, "heirs": list(self.heirs), "regions": regions, "places": dict(self.places)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Plan":
        regions = {int(region): pk for region, pk in kept["regions"].items()}
        return cls(kept["way"], tuple(kept["heirs"]), regions, kept["places"])


class Turns:
    """Decides heirs one after the other; ``turn`` counts who had her turn, and is kept between portions."""

    def __init__(self, plan: Plan, turn: int = 0) -> None:
        self.plan, self.turn = plan, turn
        self._people = set(plan.people)

    def heir(self, region: int | None, holder: int | None = None) -> int | None:
        """``holder``: who has the customer that the row follows. None: nobody of the plan can take it."""
        if holder in self._people:
            return holder
        if region in self.plan.regions:
            return self.plan.regions[region]
        if not self.plan.heirs:
            return None
        self.turn += 1
        return self.plan.heirs[(self.turn - 1) % len(self.plan.heirs)]
