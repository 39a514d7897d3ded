"""What a person typed, as a condition on a search table.

Chinese goes by grams, words of three and more letters by trigrams, shorter ones by the start of the name; Latin letters
may be the initials of the pinyin; digits are a part of a phone number in any notation, or of a code.
"""

import re
from dataclasses import dataclass, replace

from accounts.models import Company
from crm import normalise

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PHONE_LIKE = re.compile(r"^[+\d\s().\-/]{4,}$")
_INITIALS = re.compile(r"^[a-z]{2,12}$")


@dataclass(frozen=True)
class Question:
    """``condition(alias)`` → SQL and parameters over a search table; ``start``: pattern of names that rank first."""

    branches: tuple[tuple[str, tuple[object, ...]], ...]
    start: str

    def only_names(self) -> "Question | None":
        """The same without phones, e-mails and numbers; None when nothing is left to ask."""
        named = tuple(branch for branch in self.branches if "{s}.codes" not in branch[0])
        return replace(self, branches=named) if named else None

    def condition(self, alias: str) -> tuple[str, list[object]]:
        sql = " OR ".join(f"({branch})" for branch, _params in self.branches).replace("{s}", alias)
        return f"({sql})", [value for _branch, params in self.branches for value in params]


def question(term: str) -> Question | None:
    """None when nothing can be asked: empty, or only signs."""
    folded = normalise.fold(term.replace("\x00", ""))[:200]
    if not re.search(r"\w", folded):
        return None
    branches = _by_phone(folded) if _PHONE_LIKE.match(folded) else []
    if _CJK.search(folded):
        branches += _by_grams(folded)
    else:
        branches += _by_words(folded)
    return Question(tuple(branches), f"{like(folded)}%")


def takes_parts(term: str) -> bool:
    """Whether a part of a name is found; of one or two letters only the beginning is."""
    folded = normalise.fold(term)
    return bool(_CJK.search(folded)) or any(len(word) >= 3 for word in folded.split())


def like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _by_grams(folded: str) -> list[tuple[str, tuple]]:
    grams = normalise.grams(folded)
    if len(folded) == 1:
        return [("{s}.grams @> %s::varchar[]", ([folded],))]
    wanted = [gram for gram in grams if len(gram) == 2] or grams
    words = [f"%{like(word)}%" for word in folded.split()]
    sql = " AND ".join(["{s}.grams @> %s::varchar[]", *["{s}.name_key LIKE %s"] * len(words)])
    return [(sql, (wanted, *words))]


def _by_words(folded: str) -> list[tuple[str, tuple]]:
    words = folded.split()
    if not takes_parts(folded):
        return _by_start(folded)
    sql = " AND ".join(["{s}.name_key LIKE %s"] * len(words))
    found: list[tuple[str, tuple]] = [(sql, tuple(f"%{like(word)}%" for word in words))]
    if len(words) == 1:
        found.append(("{s}.codes LIKE %s", (f"%{like(folded)}%",)))
        if _INITIALS.match(folded):
            found.append(("{s}.initials LIKE %s", (f"{folded}%",)))
    return found


def _by_start(folded: str) -> list[tuple[str, tuple]]:
    found: list[tuple[str, tuple]] = [("{s}.name_key LIKE %s", (f"{like(folded)}%",))]
    if _INITIALS.match(folded) or (len(folded) == 1 and folded.isascii()):
        found.append(("{s}.initials LIKE %s", (f"{like(folded)}%",)))
    return found


def _by_phone(folded: str) -> list[tuple[str, tuple]]:
    """The digits as typed, without the leading zero of a long-distance call, and as read in the company's country."""
    digits = normalise.phone_digits(folded)
    if len(digits) < 4:
        return []
    read = normalise.phone(folded, Company.get().country)
    variants = {digits, digits.lstrip("0")}
    if len(digits) == 11 and digits.startswith("8"):
        variants.add(digits[1:])
    if read:
        variants.add(read.lstrip("+"))
    return [("{s}.codes LIKE %s", (f"%{variant}%",)) for variant in sorted(variants) if len(variant) >= 4]
