"""What the values of a column prove about how they are written; an empty answer proves nothing."""

import re
from collections import Counter

_DATE = re.compile(r"^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})")
_BOTH = re.compile(r"\d[.,]\d{3}[.,]\d+$|\d[.,]\d{3}[.,]\d{3}")
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "￥": "CNY", "¥": "CNY", "元": "CNY", "руб": "RUB"}
_CODE = re.compile(r"\b(USD|EUR|GBP|RUB|CNY|JPY|CHF|KZT|BYN|UAH|PLN|TRY|INR|AUD|CAD)\b")


def guess_date_order(values: list[str]) -> str:
    """``dmy``, ``mdy`` or ``ymd`` when a part above 12 shows it."""
    shown: Counter[str] = Counter()
    for value in values:
        if not (match := _DATE.match(value)):
            continue
        first, second, third = match.groups()
        if len(first) == 4 or (len(third) < 4 and int(first) > 31):
            shown["ymd"] += 1
        elif int(first) > 12:
            shown["dmy"] += 1
        elif int(second) > 12:
            shown["mdy"] += 1
    return shown.most_common(1)[0][0] if shown else ""


def guess_decimal(values: list[str]) -> str:
    """``comma`` or ``point`` when the last mark cannot part thousands."""
    shown: Counter[str] = Counter()
    for value in values:
        digits = re.sub(r"[^\d.,]", "", value)
        last = max(digits.rfind("."), digits.rfind(","))
        if last < 0:
            continue
        mark, behind = digits[last], len(digits) - last - 1
        name = "comma" if mark == "," else "point"
        other = "point" if mark == "," else "comma"
        if digits.count(mark) > 1:
            shown[other] += 1  # several of the same mark part thousands
        elif ("." in digits and "," in digits) or behind != 3:
            shown[name] += 1
    return shown.most_common(1)[0][0] if shown else ""


def guess_currency(values: list[str]) -> str:
    """The currency that stands with the amounts, when it is the only one."""
    found = set()
    for value in values:
        if match := _CODE.search(value.upper()):
            found.add(match.group(1))
        found.update(code for symbol, code in _SYMBOLS.items() if symbol in value.lower())
    return found.pop() if len(found) == 1 else ""
