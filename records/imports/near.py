"""One near match is a spelling; several are a question."""

from collections.abc import Iterable

from rapidfuzz import fuzz

from crm.normalise import fold

SCORE = 84
SHORTEST = 4


def squeeze(text: str) -> str:
    """Without white space and marks: ``"GTX Pro"`` and ``"GTXPro"`` are one."""
    return "".join(character for character in fold(text) if character.isalnum())


class Names:
    """Names that a text may mean: (key, names…). ``find`` answers exactly or nearly."""

    def __init__(self, candidates: Iterable[tuple]) -> None:
        self._exact: dict[str, set] = {}
        self._squeezed: dict[str, set] = {}
        self._labels: dict = {}
        for key, *names in candidates:
            for name in filter(None, names):
                self._labels.setdefault(key, name)
                self._exact.setdefault(fold(name), set()).add(key)
                self._squeezed.setdefault(squeeze(name), set()).add(key)

    def label(self, key: object) -> str:
        return self._labels.get(key, "")

    def exact(self, text: str) -> list:
        return sorted(self._exact.get(fold(text), ()), key=str)

    def near(self, text: str) -> list:
        """The keys whose name is nearly this; one that differs only in spaces and marks beats all others."""
        short = squeeze(text)
        if short in self._squeezed:
            return sorted(self._squeezed[short], key=str)
        if len(short) < SHORTEST:
            return []
        found: dict = {}
        for name, keys in self._exact.items():
            if squeeze(name)[:1] != short[:1]:  # biotechnology is no spelling of technology
                continue
            score = max(fuzz.ratio(short, squeeze(name)), fuzz.token_sort_ratio(fold(text), name))
            if score >= SCORE:
                for key in keys:
                    found[key] = max(score, found.get(key, 0))
        return sorted(found, key=lambda key: -found[key])
