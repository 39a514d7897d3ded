from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from crm.formats import formats_for

NBSP = "\u00a0"
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
EN, RU, ZH = (formats_for(language, "UTC") for language in ("en", "ru", "zh-hans"))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("formats", "currency", "expected"),
    [
        (EN, "EUR", "€1,234,567.50"),
        (RU, "EUR", f"1{NBSP}234{NBSP}567,50{NBSP}€"),
        (ZH, "CNY", "¥1,234,567.50"),
        (RU, "RUB", f"1{NBSP}234{NBSP}567,50{NBSP}₽"),
        (EN, "CHF", f"CHF{NBSP}1,234,567.50"),
        (ZH, "JPY", "JP¥1,234,568"),
    ],
)
def test_money_stands_as_each_language_writes_it(formats, currency, expected):
    assert formats.money(Decimal("1234567.5"), currency) == expected


def test_money_is_rounded_half_up_and_its_minus_stands_before_the_symbol():
    assert EN.money(Decimal("-0.005"), "EUR") == "−€0.01"
    assert EN.money(Decimal("2.675"), "EUR") == "€2.68"


def test_nothing_is_printed_as_nothing_and_zero_as_zero():
    assert [EN.money(None, "EUR"), EN.number(None), EN.date(None), EN.moment(None), EN.percent(None)] == [""] * 5
    assert EN.money(0, "EUR") == "€0.00"
    assert EN.number(0) == "0"


def test_numbers_keep_their_decimals_or_get_those_asked_for():
    assert RU.number(Decimal("12345.60")) == f"12{NBSP}345,60"
    assert EN.number(1234567) == "1,234,567"
    assert EN.number(0.125, places=2) == "0.13"
    assert EN.number(Decimal("1E+3")) == "1,000"


def test_shares_are_percentages():
    assert EN.percent(Decimal("0.2557"), places=1) == "25.6%"
    assert RU.percent(0.5) == f"50{NBSP}%"


def test_dates_have_one_fixed_order_per_language():
    day = date(2026, 3, 4)
    assert [EN.date(day), RU.date(day), ZH.date(day)] == ["4 Mar 2026", "04.03.2026", "2026-03-04"]


def test_moments_are_told_in_the_reader_s_zone():
    late = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    assert formats_for("ru", "Asia/Shanghai").moment(late) == "05.03.2026 04:30"


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(minutes=5), "in 5 min"),
        (timedelta(hours=-3), "today, 09:00"),
        (timedelta(days=-1), "yesterday, 12:00"),
        (timedelta(days=1), "tomorrow, 12:00"),
        (timedelta(days=-9), "23 Feb 2026"),
    ],
)
def test_near_moments_are_words_and_far_ones_dates(distance, expected):
    assert EN.relative(NOW + distance, now=NOW) == expected


def test_yesterday_is_counted_in_the_reader_s_zone():
    shanghai = formats_for("en", "Asia/Shanghai")
    late_evening_there = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # 23:30
    after_midnight_there = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    assert shanghai.relative(late_evening_there, now=after_midnight_there) == "yesterday, 23:30"
    assert EN.relative(late_evening_there, now=after_midnight_there) == "today, 15:30"


def test_days_without_a_time_are_words_when_near():
    assert EN.relative(date(2026, 3, 5), now=NOW) == "tomorrow"
    assert EN.relative(date(2026, 4, 5), now=NOW) == "5 Apr 2026"


def test_an_unknown_language_reads_english():
    assert formats_for("fr", "UTC").date(date(2026, 3, 4)) == "4 Mar 2026"
