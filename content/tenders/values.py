"""Read amounts and times as people write them in notices and tables. Nothing is guessed: what is unclear stays unknown."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils import timezone

_CURRENCIES = {
    "人民币": "CNY", "￥": "CNY", "¥": "CNY", "rmb": "CNY", "cny": "CNY", "美元": "USD", "us$": "USD", "usd": "USD",
    "$": "USD", "欧元": "EUR", "€": "EUR", "eur": "EUR", "英镑": "GBP", "£": "GBP", "gbp": "GBP", "港元": "HKD",
    "港币": "HKD", "hkd": "HKD", "日元": "JPY", "jpy": "JPY",
}  # fmt: skip
_UNITS = {
    "元": Decimal(1), "圆": Decimal(1), "块": Decimal(1), "千": Decimal(1000), "千元": Decimal(1000),
    "万": Decimal(10_000), "万元": Decimal(10_000), "w": Decimal(10_000), "十万": Decimal(100_000),
    "百万": Decimal(1_000_000), "百万元": Decimal(1_000_000), "千万": Decimal(10_000_000),
    "千万元": Decimal(10_000_000), "亿": Decimal(100_000_000), "亿元": Decimal(100_000_000),
}  # fmt: skip
_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = r"(?:百万|千万|十万|万|千|亿)?[元圆块]|百万|千万|十万|万|千|亿|w"
_AMOUNT = re.compile(rf"({_NUMBER})\s*({_UNIT})?")
_ABOUT = re.compile(r"约|大约|左右|暂定|估算|预计|上下|近(?=\d)")
_RANGE = re.compile(rf"(?:{_NUMBER})\s*(?:{_UNIT})?\s*[-~—–至到]+\s*(?:{_NUMBER})")
_RATE = re.compile(
    r"%|％|‰|费率|下浮|折扣|/\s*(?:平方|㎡|m2|亩|年|月|人|吨|公里|个|套|天|日)|每[平亩年月人吨公个套天日]|单价"
)
_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")
} | {"〇": 0, "两": 2}  # fmt: skip
_CHINESE_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_CHINESE_AMOUNT = re.compile(
    r"^(?:人民币)?([零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]+)(?:元|圆)?整?$"
)
# Real notices carry these instead of a budget that was not given.
PLACEHOLDERS = frozenset({Decimal(0), Decimal(1), Decimal(2)})
MAX_AMOUNT = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in whole `currency` units, None where unknown; `note` is what the text says beyond the figure."""

    value: Decimal | None
    currency: str = "CNY"
    note: str = ""


def parse_amount(value, *, unit: str = "", currency: str = "") -> Amount:
    """Read «120万», «￥1,200,000.00», «约1.2亿元», «壹佰万元整» or a number in the `unit` of its heading («万元»).

    Unknown with a note: placeholders of 0, 1 or 2 元, rates and unit prices, text without a figure. Of a range the
    upper end counts. Never raises.
    """
    if isinstance(value, bool) or value is None:
        return Amount(None, _currency_named(currency or unit) or "CNY")
    original = str(value).strip()
    text = unicodedata.normalize("NFKC", original).lower().replace(" ", "")
    # NFKC turns ￥ into ¥; the unit of the heading counts only where the cell names none.
    found = _currency_named(text) or _currency_named(currency) or _currency_named(unit) or "CNY"
    if not text or re.fullmatch(r"[-/\\—–_.。无]+", text):
        return Amount(None, found)
    text = re.sub(r"(?<=\d),(?=\d{4}(?:\D|$))", "", text)  # «1200,0000»: grouped by four
    if text.startswith("=") or _RATE.search(text) or re.match(r"^-\d", text):
        return Amount(None, found, original[:200])
    if chinese := _CHINESE_AMOUNT.match(text):
        return _checked(_chinese_number(chinese[1]), found, original, "")
    figures = [_figure(number, named) for number, named in _AMOUNT.findall(text)]
    figures = [figure for figure in figures if figure is not None]
    if not figures:
        return Amount(None, found, original[:200])
    scale = _UNITS.get(_unit_named(unit), Decimal(1))
    is_range = bool(_RANGE.search(text))
    if is_range:
        # «100-200万»: the unit stands once and holds for both.
        named = figures[1][1] or figures[0][1]
        amount = max(figures[0][0], figures[1][0]) * (named or scale)
    elif len(figures) == 1 or figures[0][1] or isinstance(value, (int, float, Decimal)):
        amount = figures[0][0] * (figures[0][1] or scale)
    else:
        return Amount(None, found, original[:200])  # several bare numbers: which one is meant cannot be told
    several = len(figures) > (2 if is_range else 1)
    note = original if is_range or several or _ABOUT.search(text) else ""
    return _checked(amount, found, original, note)


def _checked(amount: Decimal, currency: str, original: str, note: str) -> Amount:
    if amount in PLACEHOLDERS:
        return Amount(None, currency, f"原文为「{original[:40]}」，视为未公布"[:200])
    if amount >= MAX_AMOUNT:
        return Amount(None, currency, f"原文为「{original[:40]}」，数额过大，请核对"[:200])
    return Amount(amount.quantize(Decimal("0.01")), currency, f"原文：{note}"[:200] if note else "")


def _figure(number: str, unit: str) -> tuple[Decimal, Decimal | None] | None:
    try:
        return Decimal(number.replace(",", "")), _UNITS.get(unit) if unit else None
    except InvalidOperation:
        return None


def _unit_named(text: str) -> str:
    """The unit in a heading's brackets: «单位:万元» → «万元»."""
    return next((unit for unit in sorted(_UNITS, key=len, reverse=True) if unit in text.lower()), "")


def _currency_named(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return next((code for word, code in _CURRENCIES.items() if unicodedata.normalize("NFKC", word) in text), "")


def _chinese_number(text: str) -> Decimal:
    total = section = digit = 0
    for character in text:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character in _CHINESE_STEPS:
            section += (digit or 1) * _CHINESE_STEPS[character]
            digit = 0
        else:  # 万, 亿
            step = 10_000 if character == "万" else 100_000_000
            total = (total + section + digit) * step if character == "亿" else total + (section + digit) * step
            section = digit = 0
    return Decimal(total + section + digit)


_DATE = re.compile(
    r"(?P<year>\d{4})\s*(?P<sep>[-/.年])\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:\s*[(（][^)）]*[)）])?\s*(?:t|,|，)?\s*"
    r"(?P<half>上午|下午|晚上|中午|凌晨|早上)?\s*"
    r"(?:(?P<hour>\d{1,2})\s*(?:[:：时点]\s*(?P<minute>\d{1,2})?\s*[分]?(?:[:：]?\s*(?P<second>\d{1,2})\s*秒?)?)?(?P<half_hour>半)?"
    r"(?:\.\d+)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(
    r"^(?P<year>20\d{2}|19\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?$"
)
_EXCEL_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 (a serial has no zone; it is added below)
# Excel serials of 1990 to 2100: other bare numbers are no dates.
_SERIALS = (32_874, 73_415)
END_OF_DAY = datetime.time(23, 59)


class DateError(ValueError):
    """A date that cannot be; the message is one Chinese sentence."""


def parse_moment(value, *, end_of_day: bool = False) -> datetime.datetime | None:
    """Read a date or time in Shanghai: «2026年3月5日 09:30», «2026/3/5», ISO, Excel serial, datetime.

    A day without a time is its beginning, or 23:59 with `end_of_day` (deadlines). None where the text holds no date at
    all («详见招标文件»). DateError for one that cannot be («2026-02-30») or cannot be told.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, datetime.datetime):
        moment = value
        if end_of_day and moment.time() == datetime.time():
            moment = datetime.datetime.combine(moment.date(), END_OF_DAY)
        return _aware(moment)
    if isinstance(value, datetime.date):
        return _aware(datetime.datetime.combine(value, END_OF_DAY if end_of_day else datetime.time()))
    if isinstance(value, datetime.time):
        raise DateError("只有时间、没有日期；请写成「2026-03-05 09:30」的样子。")
    original = str(value).strip()
    text = unicodedata.normalize("NFKC", original).lower()
    if not text or not any(character.isdigit() for character in text) or text.startswith("="):
        return None
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _from_serial(float(text), original, end_of_day=end_of_day)
    # Of a period («3月1日至3月5日») the end is the deadline.
    dates = list(_DATE.finditer(text))
    match = _COMPACT.match(text) or (dates[-1 if end_of_day else 0] if dates else None)
    if match is None:
        raise DateError(f"「{original[:40]}」认不出是哪一天；请写成「2026-03-05 09:30」的样子。")
    return _from_parts(match.groupdict(), original, end_of_day=end_of_day)


def _from_serial(serial: float, original: str, *, end_of_day: bool) -> datetime.datetime:
    if not _SERIALS[0] <= serial < _SERIALS[1]:
        raise DateError(f"「{original[:40]}」认不出是哪一天；请写成「2026-03-05 09:30」的样子。")
    moment = _EXCEL_EPOCH + datetime.timedelta(days=int(serial), minutes=round((serial % 1) * 1440))
    if end_of_day and serial.is_integer():
        moment = datetime.datetime.combine(moment.date(), END_OF_DAY)
    return _aware(moment)


def _from_parts(parts: dict, original: str, *, end_of_day: bool) -> datetime.datetime:
    year, month, day = int(parts["year"]), int(parts["month"]), int(parts["day"])
    try:
        date = datetime.date(year, month, day)
    except ValueError as error:
        raise DateError(f"「{original[:40]}」不是真实存在的日期；请改正后再导入。") from error
    if not 1990 <= year <= 2100:
        raise DateError(f"「{original[:40]}」的年份不在 1990–2100 之间；请改正后再导入。")
    if parts.get("hour") is None:
        return _aware(datetime.datetime.combine(date, END_OF_DAY if end_of_day else datetime.time()))
    hour, minute = int(parts["hour"]), int(parts.get("minute") or (30 if parts.get("half_hour") else 0))
    second = int(parts.get("second") or 0)
    if parts.get("half") in ("下午", "晚上") and hour < 12:
        hour += 12
    if (hour, minute, second) == (24, 0, 0):  # «24时» closes the day
        return _aware(datetime.datetime.combine(date, END_OF_DAY))
    try:
        moment = datetime.datetime.combine(date, datetime.time(hour, minute, second))
    except ValueError as error:
        raise DateError(f"「{original[:40]}」的时刻不存在；请写成「2026-03-05 09:30」的样子。") from error
    zone = parts.get("zone")
    if zone:
        sign = -1 if zone.startswith("-") else 1
        offset = datetime.timedelta() if zone == "z" else sign * datetime.timedelta(
            hours=int(zone[1:3]), minutes=int(zone[-2:])
        )  # fmt: skip
        try:
            return moment.replace(tzinfo=datetime.timezone(offset)).astimezone(timezone.get_default_timezone())
        except (ValueError, OverflowError) as error:
            raise DateError(f"「{original[:40]}」的时区不存在；请改正后再导入。") from error
    return _aware(moment)


def _aware(moment: datetime.datetime) -> datetime.datetime:
    if timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment, timezone.get_default_timezone())
