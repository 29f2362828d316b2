"""Periods and amounts as people type them."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranges import read_amounts, read_dates

TODAY = datetime.date(2026, 11, 23)  # a Monday


def day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("2026-12-05", "2026-12-05", "2026-12-05"),
        ("20261205", "2026-12-05", "2026-12-05"),
        ("2026年2月", "2026-02-01", "2026-02-28"),
        ("202602", "2026-02-01", "2026-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026年", "2026-01-01", "2026-12-31"),
        ("3月", "2026-03-01", "2026-03-31"),
        ("3月8日", "2026-03-08", "2026-03-08"),
        ("2026-12..", "2026-12-01", ""),
        ("..2026-12", "", "2026-12-31"),
        ("2026-01..2026-06", "2026-01-01", "2026-06-30"),
        ("2026-06至2026-01", "2026-01-01", "2026-06-30"),
        ("2026.1.5...2026/2/1", "2026-01-05", "2026-02-01"),
        (">2026-12", "2027-01-01", ""),
        ("≥2026-12", "2026-12-01", ""),
        ("<2026-12", "", "2026-11-30"),
        ("＜＝2026-12", "", "2026-12-31"),
        ("2026-12以后", "2026-12-01", ""),
        ("2026年底", None, None),
        ("今天..", "2026-11-23", ""),
        ("昨天", "2026-11-22", "2026-11-22"),
        ("本周", "2026-11-23", "2026-11-29"),
        ("上周", "2026-11-16", "2026-11-22"),
        ("下月", "2026-12-01", "2026-12-31"),
        ("上个月..本月", "2026-10-01", "2026-11-30"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("今天..+7天", "2026-11-23", "2026-11-30"),
        ("-3个月..", "2026-08-23", ""),
        ("近30天", "2026-10-24", "2026-11-23"),
        ("未来2周", "2026-11-23", "2026-12-07"),
        ("7天内", "2026-11-16", "2026-11-23"),
        ("2026-13", None, None),
        ("2026-02-30", None, None),
        ("..", None, None),
        ("9999-12以后", "9999-12-01", ""),
        (">9999-12", None, None),
        ("-9999年", None, None),
        (">2026以后", None, None),
        ("", None, None),
    ],
)
def test_a_period_is_read_as_meant(typed, low, high):
    assert read_dates(typed, TODAY) == (None if low is None else (day(low), day(high)))


def test_days_of_a_deadline_lie_ahead():
    assert read_dates("7天内", TODAY, ahead=True) == (TODAY, datetime.date(2026, 11, 30))


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("100万", "1000000", "1000000"),
        (">100万", "1000000.01", ""),
        (">=1.5亿元", "150000000", ""),
        ("<2,000,000元", "", "1999999.99"),
        ("50万以下", "", "500000"),
        ("50..2000万", "500000", "20000000"),
        ("50万-2千万", "500000", "20000000"),
        ("2000万~50万", "500000", "20000000"),
        ("80w..", "800000", ""),
        ("很多", None, None),
        ("1e9", None, None),
        ("1" * 40, None, None),
        ("..", None, None),
    ],
)
def test_an_amount_is_read_as_meant(typed, low, high):
    ends = None if low is None else tuple(Decimal(end) if end else None for end in (low, high))

    assert read_amounts(typed) == ends


@given(st.text(alphabet=st.sampled_from([*"0123456789.-/~<>=年月日天周个近内今明万亿至到以上, ￥"])), st.dates())
def test_anything_is_read_or_not(typed, today):
    for ends in (read_dates(typed, today), read_amounts(typed)):
        if ends is not None:
            low, high = ends
            assert low is not None or high is not None
            assert low is None or high is None or low <= high
