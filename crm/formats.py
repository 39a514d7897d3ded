"""Numbers, money, dates and moments as a reader of each language expects them.

A list of 50 rows formats hundreds of values, so the separators and patterns of a locale are looked up
once per (language, zone) and every value costs a microsecond or two: take `formats_for()` once per
column, then call its methods.
"""

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import get_currency_symbol
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext

from crm.money import minor_unit

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
# Fixed width, no ambiguity between day and month: the order that office software of each language uses.
DATES = {"en": "{d} {month} {y}", "ru": "{d:02}.{m:02}.{y}", "zh": "{y}-{m:02}-{d:02}"}


@dataclass(frozen=True)
class Formats:
    """One locale and time zone; every method takes None for "nothing there" and answers an empty string."""

    language: str
    zone: ZoneInfo

    def number(self, value: Decimal | float | int | None, *, places: int | None = None) -> str:
        """Grouped digits; `places` fixes the decimals, without it a Decimal keeps its own."""
        if value is None:
            return ""
        if places is not None:
            value = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return _digits(self.language, value)

    def money(self, amount: Decimal | int | None, currency: str) -> str:
        """The amount in the currency's minor unit with its symbol where the language puts it."""
        if amount is None:
            return ""
        step, prefix, suffix = _money_shape(self.language, currency)
        rounded = Decimal(amount).quantize(step, ROUND_HALF_UP)
        sign = MINUS if rounded < 0 else ""
        return f"{sign}{prefix}{_digits(self.language, abs(rounded))}{suffix}"

    def percent(self, ratio: Decimal | float | None, *, places: int = 0) -> str:
        """A share between 0 and 1 as a percentage."""
        if ratio is None:
            return ""
        gap = NO_BREAK_SPACE if self.language == "ru" else ""
        return f"{self.number(Decimal(str(ratio)) * 100, places=places)}{gap}%"

    def date(self, day: datetime.date | datetime.datetime | None) -> str:
        if day is None:
            return ""
        if isinstance(day, datetime.datetime):
            day = self.local(day)
        month = _months(self.language)[day.month] if self.language == "en" else ""
        return DATES[self.language].format(d=day.day, m=day.month, y=day.year, month=month)

    def month(self, day: datetime.date) -> str:
        """The month of a day, with its year."""
        return format_skeleton("yMMM", day, locale=_locale(self.language))

    def time(self, moment: datetime.datetime | None) -> str:
        if moment is None:
            return ""
        here = self.local(moment)
        return f"{here.hour:02}:{here.minute:02}"

    def moment(self, moment: datetime.datetime | None) -> str:
        """Date and time in the reader's zone."""
        return "" if moment is None else f"{self.date(moment)} {self.time(moment)}"

    def full(self, value: datetime.date | datetime.datetime | None) -> str:
        """The long form for a title: weekday, date, and the time of a moment."""
        if value is None:
            return ""
        if not isinstance(value, datetime.datetime):
            return format_date(value, "full", locale=_locale(self.language))
        here = self.local(value)
        day = format_date(here.date(), "full", locale=_locale(self.language))
        return f"{day}, {self.time(here)} {here.tzname()}"

    def relative(self, value: datetime.date | datetime.datetime | None, *, now: datetime.datetime) -> str:
        """Near things in words ("5 min ago", "tomorrow, 09:00"), others as a date."""
        if value is None:
            return ""
        if not isinstance(value, datetime.datetime):
            return _near_day(value, self.local(now).date()) or self.date(value)
        return _near_minutes(value - now) or self._day_and_time(self.local(value), now)

    def local(self, moment: datetime.datetime) -> datetime.datetime:
        return moment.astimezone(self.zone)

    def _day_and_time(self, here: datetime.datetime, now: datetime.datetime) -> str:
        near = _near_day(here.date(), self.local(now).date())
        return f"{near}, {self.time(here)}" if near else self.date(here)


def current_formats() -> Formats:
    """Of the active language and time zone (the signed-in user's, set by the middleware)."""
    return formats_for(translation.get_language() or "en", timezone.get_current_timezone_name())


@lru_cache(maxsize=256)
def formats_for(language: str, zone: str) -> Formats:
    short = language.split("-")[0]
    return Formats(short if short in DATES else "en", ZoneInfo(zone))


def _digits(language: str, value: Decimal | float | int) -> str:
    group, point = _separators(language)
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if text.startswith("-"):
        text = MINUS + text[1:]
    return text.translate({44: group, 46: point})


@lru_cache(maxsize=16)
def _separators(language: str) -> tuple[str, str]:
    symbols = _locale(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


@lru_cache(maxsize=512)
def _money_shape(language: str, currency: str) -> tuple[Decimal, str, str]:
    locale = _locale(language)
    symbol = get_currency_symbol(currency, locale)
    pattern = locale.currency_formats["standard"]
    prefix = pattern.prefix[0].replace("¤", symbol)
    if prefix and prefix[-1].isalpha():  # "CHF12" would be read as one word
        prefix += NO_BREAK_SPACE
    suffix = pattern.suffix[0].replace("¤", symbol)
    return minor_unit(currency), prefix, suffix


@lru_cache(maxsize=16)
def _months(language: str) -> dict[int, str]:
    return dict(_locale(language).months["format"]["abbreviated"])


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse({"zh": "zh_Hans"}.get(language, language))


def _near_day(day: datetime.date, today: datetime.date) -> str:
    distance = (day - today).days
    if distance == 0:
        return gettext("today")
    if distance == 1:
        return gettext("tomorrow")
    return gettext("yesterday") if distance == -1 else ""


def _near_minutes(ahead: datetime.timedelta) -> str:
    minutes = int(abs(ahead.total_seconds()) // 60)
    if minutes >= 60:
        return ""
    if minutes == 0:
        return pgettext("moment", "now") if ahead > datetime.timedelta(0) else gettext("just now")
    if ahead > datetime.timedelta(0):
        return ngettext("in %(count)d min", "in %(count)d min", minutes) % {"count": minutes}
    return ngettext("%(count)d min ago", "%(count)d min ago", minutes) % {"count": minutes}
