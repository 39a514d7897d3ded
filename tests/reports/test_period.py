import datetime

import pytest

from reports.period import PRESETS, Period, preset

TODAY = datetime.date(2026, 2, 28)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("this_month", "2026-02-01", "2026-02-28"),
        ("last_month", "2026-01-01", "2026-01-31"),
        ("this_quarter", "2026-01-01", "2026-03-31"),
        ("last_quarter", "2025-10-01", "2025-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_12_months", "2025-03-01", "2026-02-28"),
    ],
)
def test_presets_are_whole_calendar_spans(name, start, end):
    assert preset(name, TODAY) == Period(day(start), day(end))


def test_all_time_is_open_on_both_sides():
    assert preset("all", TODAY) == Period()


def test_every_preset_has_a_meaning():
    assert all(preset(name, TODAY) for name in PRESETS)
