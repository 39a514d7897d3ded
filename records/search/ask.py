"""What a person typed, as a condition on a search table.

Chinese goes by grams, words of three and more letters by the parts of names (the function ``name_parts`` of the
database: all ends of all words), shorter ones by the start of the name; Latin letters may be the initials of the
pinyin; digits are a part of a phone number in any notation, or of a code.
"""

import re
from dataclasses import dataclass, replace

from accounts.models import Company
from crm import normalise

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PHONE_LIKE = re.compile(r"^[+\d\s().\-/]{4,}$")
_INITIALS = re.compile(r"^[a-z]{2,12}$")


# As the function in the database: how much of a part it keeps, and what marks the part of the first two letters.
PART, START = 40, "^"
Params = tuple[object, ...]


@dataclass(frozen=True)
class Branch:
    """One way to have the words: a condition on ``{s}`` for a look at one row, and one that an index answers.

    They choose the same rows; ``indexed`` is None where the first does for both.
    """

    sql: str
    params: Params
    indexed: tuple[str, Params] | None = None

    @property
    def asks_names(self) -> bool:
        return "{s}.codes" not in self.sql


@dataclass(frozen=True)
class Question:
    """``start``: pattern of names that rank first."""

    branches: tuple[Branch, ...]
    start: str

    def only_names(self) -> "Question | None":
        """The same without phones, e-mails and numbers; None when nothing is left to ask."""
        named = tuple(branch for branch in self.branches if branch.asks_names)
        return replace(self, branches=named) if named else None

    def condition(self, alias: str) -> tuple[str, list[object]]:
        """For rows that are looked at one by one, in whatever way they were found."""
        sql = " OR ".join(f"({branch.sql})" for branch in self.branches).replace("{s}", alias)
        return f"({sql})", [value for branch in self.branches for value in branch.params]

    def rows(self, table: str, columns: str, params: Params = ()) -> tuple[str, list[object]]:
        """SELECT of the rows of a search table ``s``, by its indexes; a row that is found in two ways comes twice.

        An OR would have each row compared once more, and cutting a name into parts is the dear side of them.
        """
        asked = [branch.indexed or (branch.sql, branch.params) for branch in self.branches]
        sql = " UNION ALL ".join(f"SELECT {columns} FROM {table} s WHERE {sql}" for sql, _params in asked)
        return sql.replace("{s}", "s"), [value for _sql, given in asked for value in (*params, *given)]


def question(term: str) -> Question | None:
    """None when nothing can be asked: empty, or only signs."""
    folded = normalise.fold(term.replace("\x00", ""))[:200]
    if not re.search(r"\w", folded):
        return None
    branches: list[Branch] = _by_phone(folded) if _PHONE_LIKE.match(folded) else []
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


def _by_grams(folded: str) -> list[Branch]:
    grams = normalise.grams(folded)
    if len(folded) == 1:
        return [Branch("{s}.grams @> %s::varchar[]", ([folded],))]
    wanted = [gram for gram in grams if len(gram) == 2] or grams
    words = [f"%{like(word)}%" for word in folded.split()]
    sql = " AND ".join(["{s}.grams @> %s::varchar[]", *["{s}.name_key LIKE %s"] * len(words)])
    return [Branch(sql, (wanted, *words))]


def _by_words(folded: str) -> list[Branch]:
    words = folded.split()
    if not takes_parts(folded):
        return _by_start(folded)
    found = [_by_parts(words)]
    if len(words) == 1:
        found.append(Branch("{s}.codes LIKE %s", (f"%{like(folded)}%",)))
        if _INITIALS.match(folded):
            found.append(Branch("{s}.initials LIKE %s", (f"{folded}%",)))
    return found


def _by_parts(words: list[str]) -> Branch:
    """The index knows parts of three and more letters; others, and the ends of very long ones, are compared."""
    known = [word for word in words if len(word) >= 3]
    others = [word for word in words if len(word) < 3 or len(word) > PART or word.startswith(START)]
    patterns = tuple(f"%{like(word)}%" for word in words)
    compared = " AND ".join(["{s}.name_key LIKE %s"] * len(words))
    indexed = " AND ".join([_PARTS, *["{s}.name_key LIKE %s"] * len(others)])
    asked = " & ".join(map(_beginning, known))
    return Branch(compared, patterns, (indexed, (asked, *(f"%{like(word)}%" for word in others))))


_PARTS = "name_parts({s}.name_key) @@ %s::tsquery"


def _beginning(part: str) -> str:
    """One word of a ``tsquery``: what begins with this."""
    quoted = part[:PART].replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"


def _by_start(folded: str) -> list[Branch]:
    pattern = f"{like(folded)}%"
    indexed = f"{_PARTS} AND {{s}}.name_key LIKE %s"
    found = [Branch("{s}.name_key LIKE %s", (pattern,), (indexed, (_beginning(START + folded[:2]), pattern)))]
    if _INITIALS.match(folded) or (len(folded) == 1 and folded.isascii()):
        found.append(Branch("{s}.initials LIKE %s", (pattern,)))
    return found


def _by_phone(folded: str) -> list[Branch]:
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
    return [Branch("{s}.codes LIKE %s", (f"%{variant}%",)) for variant in sorted(variants) if len(variant) >= 4]
