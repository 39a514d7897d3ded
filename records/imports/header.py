"""Where the header stands: below titles, sometimes nowhere; and what makes two header names the same."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

_LOOK_AT = 15
_VALUE = re.compile(
    r"""^(
        [-+]?[\d\s.,'’%]*\d[\d\s.,'’%]*          # numbers, also with spaces and commas
      | [$€£¥₽￥]\s?\d.* | \d.*\s?[$€£¥₽元]      # money
      | \d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*        # dates
      | [^@\s]+@[^@\s]+\.[^@\s]+                 # e-mail addresses
      | https?://\S+ | www\.\S+
      | \+?[\d()\s./-]{7,}                       # phones
      | true | false
    )$""",
    re.X | re.I,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MARKS = re.compile(r"[\s_\-./:*#()\[\]（）：、，,;'\"“”«»?？!]+")


def fold_header(name: str) -> str:
    """``"BillingCity"``, ``"billing_city *"`` → ``"billing city"``; ``"客户名称（必填）"`` → ``"客户名称 必填"``."""
    text = unicodedata.normalize("NFKC", name).replace("№", "no").removesuffix("__c")
    return _MARKS.sub(" ", _CAMEL.sub(" ", text)).strip().casefold().replace("ё", "е")


@dataclass(frozen=True)
class Header:
    """``row``: its index among the rows of the file, None when the data begins at once."""

    row: int | None
    names: tuple[str, ...]


def guess_header(rows: list[list[str]], knows: Callable[[str], bool]) -> int | None:
    """The index of the header among the first rows. ``knows``: whether a folded name is one of the kind's fields."""
    head = [[cell.strip() for cell in row] for row in rows[:_LOOK_AT]]
    filled = [sum(1 for cell in row if cell) for row in head]
    usual = _usual_width(rows)
    known = [sum(1 for cell in row if cell and knows(fold_header(cell))) for row in head]
    best = max(range(len(head)), key=lambda i: (known[i], -i), default=None)
    if best is not None and known[best] >= max(1, min(2, filled[best])) and _is_header(head[best]):
        # Words below a header may be names of fields too; a title above one is narrower than it.
        return next(i for i in range(best + 1) if i == best or (known[i] and filled[i] >= max(2, filled[best])))
    for index, row in enumerate(head):
        if filled[index] >= max(1, usual * 0.6) and _is_header(row):
            return index if _has_more(filled[index + 1 :]) or len(rows) > _LOOK_AT else None
        if filled[index] >= max(1, usual * 0.6):
            return None  # the first full row holds values: there is no header
    return None


def _usual_width(rows: list[list[str]]) -> int:
    widths = Counter(sum(1 for cell in row if cell.strip()) for row in rows if any(cell.strip() for cell in row))
    return max((width for width, count in widths.most_common(3)), default=1)


def _is_header(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    values = sum(1 for cell in filled if _VALUE.match(cell))
    return bool(filled) and values <= len(filled) * 0.1 and max(map(len, filled)) <= 120


def _has_more(filled: list[int]) -> bool:
    return any(filled)


def name_columns(row: list[str] | None, width: int, unnamed: str) -> tuple[str, ...]:
    """A name for every column, in the file's own words; ``unnamed`` is a pattern with ``%(number)s``."""
    given = [" ".join(cell.split()) for cell in row or []]
    while given and not given[-1] and len(given) > width:
        given.pop()
    given += [""] * (width - len(given))
    return tuple(name or unnamed % {"number": index + 1} for index, name in enumerate(given))


def repeated(names: tuple[str, ...]) -> list[str]:
    """Names that stand more than once."""
    seen = Counter(fold_header(name) for name in names)
    return sorted({name for name in names if seen[fold_header(name)] > 1})
