"""Periods and amounts as people type them: «2026-01..2026-06», «今天..», «近30天», «>100万», «50万..2000万»."""

import calendar
import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from search.text import fold

Day = datetime.date
Period = tuple[Day, Day]
Value = TypeVar("Value", datetime.date, Decimal)

_TO = re.compile(r"\.{2,}|~|至|到|—+")
_DASH = re.compile(r"\.{2,}|~|至|到|[-—]+")
_SIGN = re.compile(r"(>=|=>|≥|>|<=|=<|≤|<|=)?(.*?)(以上|以后|之后|起|以下|以前|之前|以内)?", re.DOTALL)
_FROM = frozenset((">=", "=>", "≥", "以上", "以后", "之后", "起"))
_UNTIL = frozenset(("<=", "=<", "≤", "以下", "以前", "之前", "以内"))

_DATE = re.compile(r"(\d{4})(?:[-/.年](?:(\d{1,2})(?:[-/.月](?:(\d{1,2})日?)?)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_THIS_YEAR = re.compile(r"(\d{1,2})月(?:(\d{1,2})日?)?")
_SHIFTED = re.compile(r"([+-])(\d{1,4})(天|日|周|个?月|年)?")
_WITHIN = re.compile(r"(近|未来)?(\d{1,4})(天|日|周|个?月|年)(内|以内)?")
_DAYS = {"今天": 0, "今日": 0, "明天": 1, "后天": 2, "昨天": -1, "前天": -2}
_WEEKS = {"本周": 0, "这周": 0, "上周": -1, "下周": 1}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "明年": 1}

_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,6})?(千|万|w|十万|百万|千万|亿)?(元|块)?")
_UNITS = {
    "千": 1_000, "万": 10_000, "w": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000,
}  # fmt: skip
_FEN = Decimal("0.01")


def looks_like_range(text: str) -> bool:
    """Tell whether somebody who typed this after «截止:» meant a range, though it may be none."""
    return re.match(r"[\d<>=≤≥.+-]", text) is not None


def read_dates(text: str, today: Day, *, ahead: bool = False) -> tuple[Day | None, Day | None] | None:
    """Return the first and the last day meant (None: open), or None where the text is no period.

    A month or a year is the whole of it, so «>2026-12» begins in 2027. «7天内» are days to come if `ahead`
    (deadlines), else days past.
    """
    text = fold(text)
    within = _WITHIN.fullmatch(text)
    try:
        if within and (within[1] or within[4]):
            return _within(within, today, ahead=within[1] == "未来" or (ahead and within[1] != "近"))
        return _ends(text, lambda part: _period(part, today), datetime.timedelta(days=1), _TO)
    except (ValueError, OverflowError):
        return None


def read_amounts(text: str) -> tuple[Decimal | None, Decimal | None] | None:
    """Return the least and the largest amount meant in yuan (None: open), or None where the text is no amount.

    In «50..2000万» the unit goes for both.
    """
    text = fold(text)
    parts = _DASH.split(text)
    if len(parts) == 2:
        low, high = map(_AMOUNT.fullmatch, parts)
        if low and high and high[3] and not low[3] and not low[4]:
            text = f"{parts[0]}{high[3]}..{parts[1]}"
    return _ends(text, _amount, _FEN, _DASH)


def _ends(
    text: str,
    read: Callable[[str], tuple[Value, Value] | None],
    step: Any,
    to: re.Pattern[str],
) -> tuple[Value | None, Value | None] | None:
    """Return both ends of «a..b», «>a», «a以上» or «a», where `read` gives the first and the last value of one side and
    `step` is the least difference of two values."""
    parts = to.split(text)
    if len(parts) == 2:
        sides = [read(part) if part else None for part in parts]
        if any(part and side is None for part, side in zip(parts, sides, strict=True)) or not any(parts):
            return None
        first, last = sides
        if first and last and first[0] > last[1]:
            first, last = last, first
        return first[0] if first else None, last[1] if last else None
    match = _SIGN.fullmatch(text)
    if match is None or (match[1] and match[3]):
        return None
    sign, side = match[1] or match[3] or "=", read(match[2])
    if side is None:
        return None
    if sign in _FROM:
        return side[0], None
    if sign in _UNTIL:
        return None, side[1]
    if sign == ">":
        return side[1] + step, None
    if sign == "<":
        return None, side[0] - step
    return side


def _amount(text: str) -> tuple[Decimal, Decimal] | None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    number = Decimal(match[1].replace(",", "") + (match[2] or "")) * _UNITS.get(match[3] or "", 1)
    return number, number


def _period(text: str, today: Day) -> Period | None:
    """Return first and last day of a day, week, month or year, written or named; ValueError if there is none such."""
    if text in _DAYS:
        day = today + datetime.timedelta(days=_DAYS[text])
        return day, day
    if text in _WEEKS:
        monday = today + datetime.timedelta(weeks=_WEEKS[text], days=-today.weekday())
        return monday, monday + datetime.timedelta(days=6)
    if text in _MONTHS:
        return _whole(*_month(today.year, today.month + _MONTHS[text]))
    if text in _YEARS:
        return _whole(today.year + _YEARS[text])
    if match := _SHIFTED.fullmatch(text):
        day = _shifted(today, int(match[1] + match[2]), match[3] or "天")
        return day, day
    if match := _THIS_YEAR.fullmatch(text):
        return _whole(today.year, int(match[1]), int(match[2]) if match[2] else None)
    if match := _DATE.fullmatch(text) or _COMPACT.fullmatch(text):
        month, day = (int(part) if part else None for part in match.groups()[1:])
        return _whole(int(match[1]), month, day)
    return None


def _whole(year: int, month: int | None = None, day: int | None = None) -> Period:
    """Return the day, or first and last day of the month or the year."""
    if day:
        date = Day(year, month or 1, day)
        return date, date
    if not month:
        return Day(year, 1, 1), Day(year, 12, 31)
    first = Day(year, month, 1)
    return first, Day(year, month, calendar.monthrange(year, month)[1])


def _month(year: int, month: int) -> tuple[int, int]:
    """Return year and month where the month may lie outside 1–12."""
    return year + (month - 1) // 12, (month - 1) % 12 + 1


def _shifted(day: Day, number: int, unit: str) -> Day:
    if unit in ("天", "日"):
        return day + datetime.timedelta(days=number)
    if unit == "周":
        return day + datetime.timedelta(weeks=number)
    months = number if unit.endswith("月") else 12 * number
    year, month = _month(day.year, day.month + months)
    return Day(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _within(match: re.Match[str], today: Day, *, ahead: bool) -> Period:
    number = int(match[2])
    if ahead:
        return today, _shifted(today, number, match[3])
    return _shifted(today, -number, match[3]), today
