"""From the text of a cell to a value, one function per type; what cannot be read raises BadValue.

A column's options come from its mapping: ``date_order`` (dmy, mdy, ymd), ``decimal`` (point or comma).
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import is_currency

from crm import normalise
from records.imports.reasons import BadValue

Converter = Callable[[str], Any]

EMPTY = frozenset({"", "-", "--", "—", "–", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "(null)", "\\n", "无"})

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.+))?$")
_PARTS = re.compile(r"^(\d{1,4})[-./年\s](\d{1,2})[-./月\s](\d{1,4})[日г.]*\s*(?:[T,]?\s*(.+))?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january янв января", "feb february фев февраля", "mar march мар марта", "apr april апр апреля",
            "may мая май", "jun june июн июня", "jul july июл июля", "aug august авг августа",
            "sep sept september сен сентября", "oct october окт октября", "nov november ноя ноября",
            "dec december дек декабря",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WORD_DATE = re.compile(r"^(\d{1,2})[\s.-]+([^\W\d]+)\.?[\s,.-]+(\d{2,4})(?:\s*г\.?)?(?:[,\s]+(.+))?$")
_WORD_FIRST = re.compile(r"^([^\W\d]+)\.?\s+(\d{1,2}),?\s+(\d{2,4})(?:[,\s]+(.+))?$")
_TIME = re.compile(
    r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?[Mm]?\.?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_AMOUNT = re.compile(
    r"^\(?([-+−]?)\s*(?:[A-Z]{3}|[$€£¥₽￥])?\s*([-+−]?[\d\s.,'’\u202f]*\d[\d\s.,'’\u202f]*)\s*"
    r"(k|к|тыс\.?|m|mn|mio|млн\.?|bn|b|млрд\.?|万|亿)?\s*(?:[A-Z]{3}|[$€£¥₽￥元]|руб\.?|р\.)?\)?$",
    re.I,
)  # fmt: skip
_SCALES = {
    "k": 10**3, "к": 10**3, "тыс": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "млн": 10**6,
    "b": 10**9, "bn": 10**9, "млрд": 10**9, "万": 10**4, "亿": 10**8,
}  # fmt: skip
_TRUE = frozenset("true yes y 1 x t on да истина 是 真 delete deleted active активен √ ✓".split())
_FALSE = frozenset("false no n 0 f off нет ложь 否 假 add update inactive".split())
_NUMBER_AS_FLOAT = re.compile(r"\d{3,}\.0")
_EXCEL_DAY_ZERO = datetime.date(1899, 12, 30)


def text_of(limit: int, label: Any) -> Converter:
    def convert(text: str) -> str:
        if len(text) > limit:
            raise BadValue("too_long", field=label, limit=limit)
        return text

    return convert


def key_of(limit: int, label: Any) -> Converter:
    """A number of another system; ``17850.0`` is what a program made of 17850 where some cells were empty."""
    read = text_of(limit, label)
    return lambda text: read(text[:-2] if _NUMBER_AS_FLOAT.fullmatch(text) else text)


def email(text: str) -> str:
    """The first of several addresses decides; more than one in a cell are split where points are made."""
    if normalise.email(text) is None:
        raise BadValue("email", value=text)
    return text.strip().strip("<>")


def date_of(order: str) -> Converter:
    def convert(text: str) -> datetime.date:
        return read_date(text, order)[0]

    return convert


def moment_of(order: str, zone: ZoneInfo) -> Converter:
    """A date alone means the start of that day in the company's zone."""

    def convert(text: str) -> datetime.datetime:
        day, rest = read_date(text, order)
        return _with_time(day, rest, text, zone)

    return convert


def read_date(text: str, order: str = "") -> tuple[datetime.date, str]:
    """The date and what stands behind it. Two-digit years: 69–99 are of the last century."""
    text = normalise_date(text)
    if match := _ISO.match(text):
        year, month, day, rest = match.groups()
        return _date(int(year), int(month), int(day), text), rest or ""
    if match := _PARTS.match(text):
        first, second, third, rest = match.groups()
        return _ordered(first, second, third, order, text), rest or ""
    if match := _WORD_DATE.match(text):
        day, month, year, rest = match.groups()
        return _date(_year(year), _month(month, text), int(day), text), rest or ""
    if match := _WORD_FIRST.match(text):
        month, day, year, rest = match.groups()
        return _date(_year(year), _month(month, text), int(day), text), rest or ""
    if text.isdigit() and len(text) == 8:
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]), text), ""
    if re.fullmatch(r"\d{5}(\.\d+)?", text):  # a spreadsheet's day number
        return _EXCEL_DAY_ZERO + datetime.timedelta(days=int(float(text))), ""
    raise BadValue("date", value=text)


def normalise_date(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").split())


def _ordered(first: str, second: str, third: str, order: str, text: str) -> datetime.date:
    if len(first) == 4:
        return _date(int(first), int(second), int(third), text)
    if len(third) != 4 and order == "ymd":
        return _date(_year(first), int(second), int(third), text)
    if len(third) == 3 or len(first) == 3:
        raise BadValue("date", value=text)
    month, day = (first, second) if order == "mdy" else (second, first)
    return _date(_year(third), int(month), int(day), text)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 69 else 2000)


def _month(name: str, text: str) -> int:
    number = _MONTHS.get(name.casefold()) or _MONTHS.get(name.casefold()[:3])
    if number is None:
        raise BadValue("date", value=text)
    return number


def _date(year: int, month: int, day: int, text: str) -> datetime.date:
    if not 1800 <= year <= 2300:
        raise BadValue("date", value=text)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise BadValue("date", value=text) from error


def _with_time(day: datetime.date, rest: str, text: str, zone: ZoneInfo) -> datetime.datetime:
    if not rest.strip():
        return datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
    match = _TIME.match(rest.strip())
    if not match:
        raise BadValue("date", value=text)
    hour, minute, second, half, offset = match.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        at = datetime.time(hours, int(minute), int(second or 0))
    except ValueError as error:
        raise BadValue("date", value=text) from error
    if offset:
        offset = {"Z": "+00:00", "UTC": "+00:00"}.get(offset, offset)
        return datetime.datetime.fromisoformat(f"{day}T{at}{offset if len(offset) > 3 else offset + ':00'}")
    return datetime.datetime.combine(day, at, tzinfo=zone)


def number_of(decimal: str, label: Any, *, largest: Decimal = Decimal(10) ** 13, negative: bool = True) -> Converter:
    """``1.234,5`` with a decimal comma, ``1,234.5`` with a point; ``5M``, ``3万``, ``(12)`` as accountants write."""

    def convert(text: str) -> Decimal:
        value = _number(text, decimal)
        if abs(value) > largest:
            raise BadValue("range", field=label, value=text)
        if value < 0 and not negative:
            raise BadValue("negative", field=label, value=text)
        return value

    return convert


def _number(text: str, decimal: str) -> Decimal:
    match = _AMOUNT.match(text)
    if not match:
        raise BadValue("number", value=text)
    sign, digits, scale = match.groups()
    digits = re.sub(r"[\s'’\u202f]", "", digits).replace("−", "-")
    digits = digits.replace(".", "").replace(",", ".") if decimal == "comma" else digits.replace(",", "")
    try:
        value = Decimal(digits)
    except InvalidOperation as error:
        raise BadValue("number", value=text) from error
    value *= _SCALES[scale.casefold().rstrip(".")] if scale else 1
    return -value if sign in {"-", "−"} or (text.startswith("(") and text.endswith(")")) else value


def integer_of(decimal: str, label: Any, largest: int = 2_147_483_647) -> Converter:
    read = number_of(decimal, label, largest=Decimal(largest), negative=False)

    def convert(text: str) -> int:
        value = read(text)
        if value != value.to_integral_value():
            raise BadValue("whole", value=text)
        return int(value)

    return convert


def boolean(text: str) -> bool:
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue("boolean", value=text)


def currency(text: str) -> str:
    code = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₽": "RUB", "元": "CNY", "RMB": "CNY"}.get(
        text.upper(), text.upper()
    )
    if not is_currency(code):
        raise BadValue("currency", value=text)
    return code
